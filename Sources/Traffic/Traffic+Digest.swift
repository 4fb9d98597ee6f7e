import SimulationCore

extension Traffic {
  /// Everything that the future depends on, and what was counted so far.
  public func digest(into hasher: inout StateHasher) {
    hasher.combine(isStopped)
    hasher.combine(queue.count)
    hasher.combine(queue.nextTime ?? .distantFuture)
    for node in nodes { hasher.combine(Int64(node.node.value)) }
    for pod in pods {
      hasher.combine(UInt64(pod.state.rawValue))
      hasher.combine(pod.address.high)
      hasher.combine(pod.address.low)
      hasher.combine(Int64(pod.busy) << 32 | Int64(pod.queued))
    }
    for edge in edges {
      hasher.combine(edge.milliRate)
      hasher.combine(upcoming(edge.arrivals))
    }
    for index in 0..<RequestIndex(requests.capacity) where requests[index].phase != .free {
      hasher.combine(Int64(index) << 8 | Int64(requests[index].phase.rawValue))
      hasher.combine(requests[index].started)
      hasher.combine(Int64(requests[index].edge) << 32 | Int64(requests[index].endpoint))
    }
    digestTotals(into: &hasher)
    hasher.combine(upcoming(choices))
    hasher.combine(upcoming(work))
    hasher.combine(UInt64(outsideConnections))
  }

  private func digestTotals(into hasher: inout StateHasher) {
    hasher.combine(totals.started)
    hasher.combine(totals.success)
    hasher.combine(totals.error)
    hasher.combine(totals.refused)
    hasher.combine(totals.timedOut)
    hasher.combine(totals.reset)
    hasher.combine(totals.unresolved)
    hasher.combine(totals.cancelled)
  }

  /// A stream's state, by what it would give next.
  private func upcoming(_ stream: RandomStream) -> UInt64 {
    var copy = stream
    return copy.next()
  }
}
