import ClusterModel
import SimulationCore

/// The call graph: which pods call which Services.
extension Traffic {
  /// The behaviour of a pod: that of an earlier one of the same workload where they agree.
  mutating func behaviour(of pod: Pod, workload: String) -> BehaviourIndex {
    let name = ObjectName(namespace: pod.metadata.namespace, name: workload)
    let owner = index(ofWorkload: name)
    let annotations = pod.metadata.annotations
    for index in workloads[Int(owner)].behaviours.reversed() {
      let known = behaviours[Int(index)]
      if known.spec === pod.spec, known.annotations == annotations { return index }
    }
    let description = Behaviour.Description(spec: pod.spec.value, annotations: annotations)
    for index in workloads[Int(owner)].behaviours.reversed()
    where behaviours[Int(index)].description == description {
      behaviours[Int(index)].spec = pod.spec
      behaviours[Int(index)].annotations = annotations
      return index
    }
    return addBehaviour(description, of: pod, owner: owner)
  }

  private mutating func addBehaviour(
    _ description: Behaviour.Description, of pod: Pod, owner: WorkloadIndex
  ) -> BehaviourIndex {
    let namespace = pod.metadata.namespace
    let named = description.references.map {
      self.index(
        ofService: ObjectName(
          namespace: $0.service.namespace ?? namespace, name: $0.service.name))
    }
    let index = BehaviourIndex(behaviours.count)
    behaviours.append(
      Behaviour(
        workload: owner, description: description, spec: pod.spec,
        annotations: pod.metadata.annotations, labels: pod.metadata.labels, services: named,
        timeoutClass: timeoutClass(of: description.profile.timeout)))
    workloads[Int(owner)].behaviours.append(index)
    guard !named.isEmpty else { return index }
    for service in named where services[Int(service)].callers.last != index {
      services[Int(service)].callers.append(index)
    }
    spaces[space(of: namespace)].behaviours.append(index)
    resolveCalls(of: index)
    return index
  }

  /// Finds the behaviour's edges anew: the Services it names, as they are now.
  mutating func resolveCalls(of behaviour: BehaviourIndex) {
    let old = behaviours[Int(behaviour)].calls
    let calls = calls(of: behaviour)
    let isSource = !calls.isEmpty && !isSelected(behaviour)
    if calls == old, isSource == behaviours[Int(behaviour)].isSource { return }
    behaviours[Int(behaviour)].calls = calls
    behaviours[Int(behaviour)].isSource = isSource

    let running = pods.indices.filter {
      pods[$0].state == .running && pods[$0].behaviour == behaviour
    }.map { PodIndex($0) }
    for call in old {
      edges[Int(call.edge)].pods.removeAll { pods[Int($0)].behaviour == behaviour }
    }
    for call in calls { edges[Int(call.edge)].pods += running }
    for call in old + calls { refreshRate(of: call.edge) }
  }

  private mutating func calls(of behaviour: BehaviourIndex) -> [Call] {
    let known = behaviours[Int(behaviour)]
    var calls: [Call] = []
    for (reference, service) in zip(known.description.references, known.services) {
      // A program does not call the Service it serves, though its configuration may name it.
      guard !leads(service, to: behaviour),
        let port = services[Int(service)].port(reference.service.port)
      else { continue }
      let edge = edge(from: known.workload, to: service, port: port)
      if calls.contains(where: { $0.edge == edge }) { continue }
      calls.append(Call(edge: edge, milliCalls: reference.milliCalls))
    }
    return calls
  }

  private func isSelected(_ behaviour: BehaviourIndex) -> Bool {
    let namespace = workloads[Int(behaviours[Int(behaviour)].workload)].name.namespace
    guard let space = spaceIndex[namespace] else { return false }
    return spaces[space].services.contains { leads($0, to: behaviour) }
  }

  private func leads(_ service: ServiceIndex, to behaviour: BehaviourIndex) -> Bool {
    let known = behaviours[Int(behaviour)]
    return services[Int(service)].name.namespace
      == workloads[Int(known.workload)].name.namespace && selects(service, known.labels)
  }

  // MARK: Names to numbers

  mutating func index(ofService name: ObjectName) -> ServiceIndex {
    if let index = serviceIndex[name] { return index }
    let index = ServiceIndex(services.count)
    let space = space(of: name.namespace)
    services.append(ServiceEntry(name: name, space: space))
    serviceIndex[name] = index
    spaces[space].services.append(index)
    return index
  }

  private mutating func index(ofWorkload name: ObjectName) -> WorkloadIndex {
    if let index = workloadIndex[name] { return index }
    workloads.append(Workload(name: name))
    workloadIndex[name] = WorkloadIndex(workloads.count - 1)
    return WorkloadIndex(workloads.count - 1)
  }

  private mutating func space(of namespace: String) -> Int {
    if let index = spaceIndex[namespace] { return index }
    spaces.append(Space())
    spaceIndex[namespace] = spaces.count - 1
    return spaces.count - 1
  }

  mutating func edge(
    from client: WorkloadIndex, to service: ServiceIndex, port: UInt16
  ) -> EdgeIndex {
    let key = EdgeKey(client: client, service: service, port: port)
    if let index = edgeIndex[key] { return index }
    let index = EdgeIndex(edges.count)
    let target = services[Int(service)].name
    let source =
      client == none
      ? "external" : workloads[Int(client)].name.namespace + "/" + workloads[Int(client)].name.name
    let stream = "traffic/arrivals/\(source)/\(target.namespace)/\(target.name):\(port)"
    edges.append(
      Edge(
        client: client, service: service, port: port,
        transport: services[Int(service)].transport(of: port),
        arrivals: RandomStream(seed: seed, component: stream)))
    services[Int(service)].edges.append(index)
    edgeIndex[key] = index
    return index
  }
}
