import ClusterModel
import SimulationCore

extension APIServer {
  /// Creates a Job of a CronJob and notes it among the active ones, as the controller does with
  /// the answer it gets.
  mutating func createJob(_ job: KeptObject, for owner: ObjectID, at time: Instant) -> Bool {
    guard case .kept(let created)? = try? create(.kept(job), at: time) else { return false }
    let reference: Value = [
      "apiVersion": "batch/v1", "kind": "Job", "name": .string(created.metadata.name),
      "namespace": .string(created.metadata.namespace),
      "resourceVersion": .string("\(created.metadata.resourceVersion)"),
      "uid": .string("\(created.metadata.uid)"),
    ]
    store.updateKept(CronJobController.resource, owner, at: time) { object in
      var status = object.body["status"]?.fields ?? Fields()
      status["active"] = .array((status["active"]?.array ?? []) + [reference])
      object.body["status"] = .object(status)
    }
    return true
  }
}
