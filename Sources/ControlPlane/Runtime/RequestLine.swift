/// The requests that a client has yet to make, first come first served.
struct RequestLine: Sendable {
  enum Request: Sendable {
    case write(WorkKey, Write)
    case post(EventPost)
  }

  /// Nil once taken: a request is moved out, since a copy of one is dear.
  private var requests: [Request?] = []
  private var first = 0

  var isEmpty: Bool { first == requests.count }

  /// Whether the next request is none: only something to say.
  var nextNeedsNoToken: Bool {
    guard case .write(_, let write) = requests[first], case .say = write.action else {
      return false
    }
    return true
  }

  mutating func append(_ request: Request) { requests.append(request) }

  mutating func take() -> Request? {
    guard first < requests.count else { return nil }
    var request: Request?
    swap(&request, &requests[first])
    first += 1
    if first == requests.count {
      requests.removeAll(keepingCapacity: true)
      first = 0
    } else if first > 256, first * 2 > requests.count {
      requests.removeFirst(first)
      first = 0
    }
    return request
  }
}
