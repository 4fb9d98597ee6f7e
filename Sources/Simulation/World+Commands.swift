import ClusterModel
import ControlPlane
import SimulationCore
import Traffic

/// A command with the time at which it was given.
public struct JournalEntry: Hashable, Sendable {
  public var time: Instant
  /// How many events had happened before: several instants have the same time.
  public var eventCount: UInt64
  public var command: Command

  public init(time: Instant, eventCount: UInt64, command: Command) {
    self.time = time
    self.eventCount = eventCount
    self.command = command
  }
}

extension World {
  /// Does what `command` says and writes it into the journal.
  ///
  /// - Returns: the object as the API server answered it, where it answers one.
  /// - Throws: the API server's refusal; then nothing has changed.
  @discardableResult
  public mutating func perform(_ command: Command, dryRun: Bool = false) throws(APIError)
    -> StoredObject?
  {
    if dryRun {
      var copy = self
      var answer = try copy.perform(command)
      // What has not been stored has no version.
      if case .create = command { answer?.metadata.resourceVersion = 0 }
      return answer
    }
    let answer = try carryOut(command)
    journal.append(JournalEntry(time: now, eventCount: eventCount, command: command))
    carryChanges()
    return answer
  }

  private mutating func carryOut(_ command: Command) throws(APIError) -> StoredObject? {
    switch command {
    case .create(let object):
      return try controlPlane.request { (api, time) throws(APIError) in
        try api.create(object, at: time)
      }
    case .replace(let object):
      return try controlPlane.request { (api, time) throws(APIError) in
        try api.replace(object, at: time)
      }
    case .delete(let resource, let namespace, let name, let options):
      try delete(resource, namespace, name, options)
      return nil
    case .evict(let namespace, let name):
      try controlPlane.request { (api, time) throws(APIError) in
        try api.evict(namespace: namespace, name: name, at: time)
      }
      return nil
    case .scaleNodes(let count):
      try scaleNodes(to: count)
      return nil
    case .traffic(let traffic):
      try perform(traffic)
      return nil
    case .fault(let fault):
      try perform(fault)
      return nil
    case .dial(let request):
      dataPlane.dial(request, at: now)
      return nil
    case .resolve(let question, let server):
      // What it asks elsewhere it remembers.
      guard !ClusterDNS.isInZone(question) else { return nil }
      dnsCache.remember(question, at: server, seconds: ClusterDNS.ttl, now)
      return nil
    case .forgetConnections(let node, let filter):
      if let node = dataPlane.nodeIndex(named: node) {
        dataPlane.forgetConnections(on: node, filter, at: now)
      }
      return nil
    }
  }

  private mutating func delete(
    _ resource: APIResource, _ namespace: String, _ name: String, _ options: DeleteOptions
  ) throws(APIError) {
    try controlPlane.request { (api, time) throws(APIError) in
      if options.propagation == .orphan {
        api.orphanDependents(of: resource, namespace: namespace, name: name, at: time)
      }
      try api.delete(
        resource, namespace: namespace, name: name,
        gracePeriodSeconds: options.gracePeriodSeconds,
        options.propagation == .foreground ? .foreground : .background, at: time)
    }
  }

  private mutating func perform(_ command: TrafficCommand) throws(APIError) {
    let matched: Int
    switch command {
    case .rate(let selector, let rate): matched = traffic.setRate(rate, for: selector, at: now)
    case .start(let selector): matched = traffic.start(selector, at: now)
    case .stop(let selector): matched = traffic.stop(selector, at: now)
    }
    if matched == 0 {
      throw APIError(.notFound, "no such traffic; see 'traffic list' for what there is")
    }
  }
}
