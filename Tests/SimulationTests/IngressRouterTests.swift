import ClusterModel
import Testing

@testable import Simulation

private func path(_ path: String, _ type: Ingress.PathType, _ service: String) -> Ingress.Path {
  Ingress.Path(path, type, .service(service, port: .integer(80)))
}

private func router(_ rules: [Ingress.Rule], fallback: String? = nil) -> IngressRouter {
  var ingress = Ingress()
  ingress.rules = rules
  ingress.defaultBackend = fallback.map { .service($0, port: .integer(80)) }
  return IngressRouter([.init(namespace: "default", name: "a", created: nil, ingress: ingress)])
}

private func service(_ router: IngressRouter, _ host: String, _ path: String) -> String {
  guard case .service(let name, _)? = router.match(host: host, path: path)?.backend else {
    return "404"
  }
  return name
}

@Test(arguments: [
  // The table of the Ingress documentation: rule, type, request, whether it matches.
  ("/", Ingress.PathType.prefix, "/anything", true),
  ("/foo", .exact, "/foo", true), ("/foo", .exact, "/bar", false),
  ("/foo", .exact, "/foo/", false), ("/foo/", .exact, "/foo", false),
  ("/Foo", .exact, "/foo", false),
  ("/foo", .prefix, "/foo", true), ("/foo", .prefix, "/foo/", true),
  ("/foo/", .prefix, "/foo", true), ("/foo/", .prefix, "/foo/", true),
  ("/foo", .prefix, "/foo/bar", true), ("/foo", .prefix, "/foobar", false),
  ("/aaa/bb", .prefix, "/aaa/bbb", false), ("/aaa/bbb", .prefix, "/aaa/bbb", true),
  ("/aaa/bbb/", .prefix, "/aaa/bbb", true), ("/aaa/bbb", .prefix, "/aaa/bbb/ccc", true),
  ("/aaa/bbb", .prefix, "/aaa/bbbxyz", false), ("/aaa", .prefix, "/ccc", false),
  ("/foo", .implementationSpecific, "/foo/bar", true),
  ("/foo", .implementationSpecific, "/foobar", false),
  ("/foo", .exact, "/foo?x=1", true), ("/foo", .prefix, "/foo?x=/bar", true),
])
func `a path matches as its type says`(
  rule: String, type: Ingress.PathType, request: String, matches: Bool
) {
  let router = router([.init(paths: [path(rule, type, "web")])])
  #expect(service(router, "any", request) == (matches ? "web" : "404"))
}

@Test(arguments: [
  ("*.foo.com", "bar.foo.com", true), ("*.foo.com", "baz.bar.foo.com", false),
  ("*.foo.com", "foo.com", false), ("foo.com", "FOO.com", true), ("foo.com", "foo.com:8080", true),
  ("foo.com", "bar.com", false), ("", "anything", true), ("*.foo.com", ".foo.com", false),
])
func `a host matches itself, a wildcard one label`(rule: String, host: String, matches: Bool) {
  let router = router([.init(host: rule, paths: [path("/", .prefix, "web")])])
  #expect(service(router, host, "/") == (matches ? "web" : "404"))
}

@Test func `the more particular host wins, then the longer path, then Exact`() {
  let router = router([
    .init(paths: [path("/", .prefix, "every"), path("/deep/path", .prefix, "deep")]),
    .init(host: "*.example", paths: [path("/", .prefix, "wild")]),
    .init(
      host: "shop.example",
      paths: [
        path("/a", .prefix, "a"), path("/a/b", .prefix, "ab"), path("/a/b", .exact, "exact"),
      ]),
  ])
  #expect(service(router, "shop.example", "/a/b") == "exact")
  #expect(service(router, "shop.example", "/a/b/c") == "ab")
  #expect(service(router, "shop.example", "/a/c") == "a")
  #expect(service(router, "other.example", "/a/b") == "wild")
  #expect(service(router, "example", "/deep/path/x") == "deep")
  // No rule of the host has the path: the wider rules are asked.
  #expect(service(router, "shop.example", "/z") == "wild")
}

@Test func `what nothing matches goes to the default backend, or to nobody`() {
  let rules = [Ingress.Rule(host: "shop.example", paths: [path("/a", .exact, "a")])]
  #expect(service(router(rules), "shop.example", "/b") == "404")
  #expect(service(router(rules, fallback: "rest"), "shop.example", "/b") == "rest")
  #expect(service(router(rules, fallback: "rest"), "nowhere", "/") == "rest")
  #expect(service(router([], fallback: "rest"), "nowhere", "/") == "rest")
}

@Test func `of two equal rules the older Ingress decides`() {
  func source(_ name: String, _ created: Int64) -> IngressRouter.Source {
    var ingress = Ingress()
    ingress.rules = [.init(host: "a", paths: [path("/", .prefix, name)])]
    return .init(
      namespace: "default", name: name, created: Timestamp(seconds: created), ingress: ingress)
  }
  #expect(service(IngressRouter([source("x", 20), source("y", 10)]), "a", "/") == "y")
  #expect(service(IngressRouter([source("y", 10), source("x", 10)]), "a", "/") == "x")
}

@Test func `an Ingress is read from its fields`() {
  let body = Fields([
    (
      "spec",
      [
        "ingressClassName": "own", "tls": [["hosts": ["*.a.example"], "secretName": "s"]],
        "defaultBackend": ["resource": ["kind": "Bucket", "name": "b"]],
        "rules": [
          [
            "host": "A.example",
            "http": [
              "paths": [
                [
                  "path": "/", "pathType": "Prefix",
                  "backend": ["service": ["name": "web", "port": ["name": "http"]]],
                ]
              ]
            ],
          ]
        ],
      ]
    )
  ])
  let ingress = Ingress(body: body)
  #expect(ingress.className == "own")
  #expect(ingress.backends == [.service("web", port: .string("http")), .resource("Bucket/b")])
  let router = IngressRouter([
    .init(namespace: "n", name: "i", created: nil, ingress: ingress)
  ])
  #expect(router.match(host: "a.example", path: "/")?.ingress == "i")
  #expect(router.hasTLS(for: "x.a.example"))
  #expect(!router.hasTLS(for: "a.example"))
}
