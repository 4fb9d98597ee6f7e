/// What an Ingress of networking.k8s.io/v1 says, read from its body.
public struct Ingress: Hashable, Sendable {
  public enum PathType: String, Hashable, Sendable {
    case exact = "Exact"
    case prefix = "Prefix"
    /// Ours matches like Prefix.
    case implementationSpecific = "ImplementationSpecific"
  }

  /// Where matching requests go.
  public enum Backend: Hashable, Sendable {
    /// A Service of the Ingress' namespace, with a port's number or name.
    case service(String, port: IntOrString)
    /// Another kind of object, which no controller here can send requests to.
    case resource(String)
  }

  public struct Path: Hashable, Sendable {
    public var path: String
    public var type: PathType
    public var backend: Backend

    public init(_ path: String, _ type: PathType, _ backend: Backend) {
      self.path = path
      self.type = type
      self.backend = backend
    }
  }

  public struct Rule: Hashable, Sendable {
    /// Empty for every host.
    public var host: String
    public var paths: [Path]

    public init(host: String = "", paths: [Path]) {
      self.host = host
      self.paths = paths
    }
  }

  public struct TLS: Hashable, Sendable {
    public var hosts: [String]
    public var secretName: String
  }

  public var className: String?
  public var defaultBackend: Backend?
  public var tls: [TLS] = []
  public var rules: [Rule] = []

  public init() {}

  /// Every backend, in the order in which they are written.
  public var backends: [Backend] {
    rules.flatMap(\.paths).map(\.backend) + (defaultBackend.map { [$0] } ?? [])
  }

  public static let resource = APIResource(
    "networking.k8s.io", "v1", "Ingress", "ingresses", short: ["ing"])
  public static let classResource = APIResource(
    "networking.k8s.io", "v1", "IngressClass", "ingressclasses", namespaced: false)
  /// On an IngressClass: the one for Ingresses that name none.
  public static let defaultClassAnnotation = "ingressclass.kubernetes.io/is-default-class"
  /// How an Ingress named its class before there was a field.
  public static let classAnnotation = "kubernetes.io/ingress.class"
}

extension Ingress {
  /// Reads the fields of an object but its metadata.
  public init(body: Fields) {
    self.init()
    let spec = body["spec"]
    className = spec?["ingressClassName"]?.string
    defaultBackend = spec?["defaultBackend"].flatMap(Backend.init)
    tls = (spec?["tls"]?.array ?? []).map { entry in
      TLS(
        hosts: (entry["hosts"]?.array ?? []).compactMap(\.string),
        secretName: entry["secretName"]?.string ?? "")
    }
    rules = (spec?["rules"]?.array ?? []).map { rule in
      Rule(
        host: (rule["host"]?.string ?? "").lowercased(),
        paths: (rule["http"]?["paths"]?.array ?? []).compactMap { path in
          guard let backend = path["backend"].flatMap(Backend.init) else { return nil }
          let type = path["pathType"]?.string.flatMap(PathType.init(rawValue:))
          return Path(path["path"]?.string ?? "/", type ?? .implementationSpecific, backend)
        })
    }
  }
}

extension Ingress.Backend {
  fileprivate init?(_ value: Value) {
    if let service = value["service"], let name = service["name"]?.string {
      if let number = service["port"]?["number"]?.integer {
        self = .service(name, port: .integer(Int(number)))
      } else {
        self = .service(name, port: .string(service["port"]?["name"]?.string ?? ""))
      }
      return
    }
    guard let resource = value["resource"] else { return nil }
    self = .resource("\(resource["kind"]?.string ?? "")/\(resource["name"]?.string ?? "")")
  }
}

extension Service {
  /// The port that an Ingress' backend names.
  public func servicePort(_ port: IntOrString) -> ServicePort? {
    ports.first {
      switch port {
      case .integer(let number): $0.port == number
      case .string(let name): $0.name == name
      }
    }
  }
}
