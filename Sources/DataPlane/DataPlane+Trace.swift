import SimulationCore
extension DataPlane {
  public func trace(_ request: TraceRequest, at now: Instant) -> PacketTrace {
    PacketTrace(problem: .noNodes)
  }
}
