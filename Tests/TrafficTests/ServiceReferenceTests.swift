import ClusterModel
import Testing

@testable import Traffic

@Test(
  arguments: [
    ("cart:7070", "cart", nil, 7070),
    ("cart", "cart", nil, nil),
    ("CART:7070", "cart", nil, 7070),
    ("cart.shop:80", "cart", "shop", 80),
    ("cart.shop.svc", "cart", "shop", nil),
    ("cart.shop.svc.cluster.local:80", "cart", "shop", 80),
    ("cart.shop.svc.cluster.local.:80", "cart", "shop", 80),
    ("http://cart", "cart", nil, nil),
    ("https://cart.shop/path?query#part", "cart", "shop", nil),
    ("grpc://cart:50051", "cart", nil, 50051),
    ("tcp://cart:1", "cart", nil, 1),
    ("redis://user:secret@cache:6379/0", "cache", nil, 6379),
    ("amqp://guest:guest@queue.shop.svc:5672/%2f", "queue", "shop", 5672),
    ("jdbc:postgresql://db:5432/shop", "db", nil, 5432),
    ("dns:///cart:50051", "cart", nil, 50051),
    ("http://cart?x=a@b:1", "cart", nil, nil),
  ] as [(String, String, String?, UInt16?)])
func `a value that is an address of a Service names it`(
  text: String, name: String, namespace: String?, port: UInt16?
) {
  let reference = ServiceReference(text)
  #expect(reference?.name == name)
  #expect(reference?.namespace == namespace)
  #expect(reference?.port == port)
}

@Test(arguments: [
  "", ":", ":80", "cart:", "cart:0", "cart:65536", "cart:99999999999999999999", "cart:8o",
  "cart:-1", "cart:80:90", "a b", "cart/path", "/var/run/cart", "http://", "http:///", "://cart",
  "http//cart", "1http://cart", "[::1]:80", "::1", "fd00::1", "http://[fd00::1]:80/",
  "10.244.1.5:8080", "192.168.0.1", "cart.", "cart.shop.", "cart.shop.pod", "cart..shop", "-cart",
  "cart-", "cart_db:80", "cart.shop.svc.example.com", "www.example.com", "a.b.c.d.e.f",
  "cart:80,ads:80", "$(HOST):80", "caf\u{e9}:80", "cart\u{0}:80", "cart\n:80", "%", "@", "a@b",
  String(repeating: "a", count: 64), String(repeating: "http://", count: 500),
])
func `a value that cannot be a Service's address names none`(text: String) {
  #expect(ServiceReference(text) == nil)
}

@Test func `an environment's values name each Service and port once, in order`() {
  var first = Container(name: "a", image: "a")
  first.env = [
    EnvironmentVariable(name: "A", value: "cart:7070"),
    EnvironmentVariable(name: "B", value: nil, valueFrom: "x"),
    EnvironmentVariable(name: "C", value: "http://ads"),
  ]
  var second = Container(name: "b", image: "b")
  second.env = [
    EnvironmentVariable(name: "A", value: "http://cart:7070/"),
    EnvironmentVariable(name: "B", value: "cart:7071"),
  ]
  let references = CallReference.all(
    spec: PodSpec(containers: [first, second]), annotations: Labels())
  #expect(references.map(\.service.name) == ["cart", "ads", "cart"])
  #expect(references.map(\.service.port) == [7070, nil, 7071])
  #expect(references.map(\.milliCalls) == [1_000, 1_000, 1_000])
}

@Test(
  arguments: [
    ("cart:7070=2,ads=0.5", ["cart", "ads"], [2_000, 500]),
    (" cart = 1 , ads ", ["cart", "ads"], [1_000, 1_000]),
    ("cart=", [], []), ("cart=x,ads=3", ["ads"], [3_000]), ("", [], []), (",,=,", [], []),
    ("cart=999999", ["cart"], [100_000]), ("cart=1=2", [], []),
  ] as [(String, [String], [Int64])])
func `the calls annotation stands in for the environment`(
  text: String, names: [String], calls: [Int64]
) {
  var container = Container(name: "a", image: "a")
  container.env = [EnvironmentVariable(name: "A", value: "other:1")]
  let references = CallReference.all(
    spec: PodSpec(containers: [container]), annotations: ["kubarium.dev/calls": text])
  #expect(references.map(\.service.name) == names)
  #expect(references.map(\.milliCalls) == calls)
}
