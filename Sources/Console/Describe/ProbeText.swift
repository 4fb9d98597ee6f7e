import ClusterModel

/// Probes on one line (describe.go DescribeProbe).
enum ProbeText {
  static func of(_ probe: Value) -> String {
    "\(action(probe)) \(timing(probe))"
  }

  private static func timing(_ probe: Value) -> String {
    let delay = probe.number("initialDelaySeconds") ?? 0
    let timeout = probe.number("timeoutSeconds") ?? 1
    let period = probe.number("periodSeconds") ?? 10
    let success = probe.number("successThreshold") ?? 1
    let failure = probe.number("failureThreshold") ?? 3
    return "delay=\(delay)s timeout=\(timeout)s period=\(period)s #success=\(success) "
      + "#failure=\(failure)"
  }

  private static func action(_ probe: Value) -> String {
    if probe.has("exec") {
      return "exec [\(probe.texts("exec", "command").joined(separator: " "))]"
    }
    if let get = probe.value("httpGet") { return "http-get \(url(get))" }
    if let socket = probe.value("tcpSocket") {
      return "tcp-socket " + EndpointsText.hostAndPort(socket.text("host"), socket.text("port"))
    }
    if let call = probe.value("grpc") {
      let service = call.text("service")
      return "grpc <pod>:\(call.text("port"))" + (service.isEmpty ? " " : " \(service)")
    }
    return "unknown"
  }

  private static func url(_ get: Value) -> String {
    let scheme = (get.optionalText("scheme") ?? "HTTP").lowercased()
    let host = EndpointsText.hostAndPort(get.text("host"), get.text("port"))
    let path = get.text("path")
    let slash = path.isEmpty || path.hasPrefix("/") ? "" : "/"
    return "\(scheme)://\(host)\(slash)\(escaped(path))"
  }

  /// As Go's net/url writes a path.
  private static func escaped(_ path: String) -> String {
    var result = ""
    for byte in path.utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "-_.~$&+,/:;=@!'()*[]".unicodeScalars.contains(scalar)
      if isPlain {
        result.unicodeScalars.append(scalar)
      } else {
        let hex = String(byte, radix: 16, uppercase: true)
        result += "%" + (hex.utf8.count == 1 ? "0" : "") + hex
      }
    }
    return result
  }
}
