import ClusterModel
import SimulationCore

/// Room for the numbers of one decision, kept from one to the next.
struct SchedulingScratch: Sendable {
  /// Rows that fit, in the order in which they were found.
  var feasible: ContiguousArray<Int32> = []
  var totals: ContiguousArray<Int32> = []
}

/// One decision: which node a pod goes to (pkg/scheduler/schedule_one.go).
extension SchedulerCache {
  struct Decision: Sendable {
    /// Nil when no node fits.
    var row: Int32?
    /// How many nodes were looked at.
    var examined = 0
    var feasible = 0
  }

  /// How many nodes that fit are enough: all of fewer than 100, then a falling share.
  static func sampleSize(of count: Int) -> Int {
    guard count >= 100 else { return count }
    let percentage = max(5, 50 - count / 125)
    return max(100, count * percentage / 100)
  }

  /// Decides for one pod. Nothing is taken yet.
  mutating func decide(
    _ pod: Pod, _ services: SelectorIndex, _ store: ObjectStore, _ random: inout RandomStream
  ) -> Decision {
    settle()
    let info = specs.info(of: pod.spec, &images)
    let filter = relationFilter(pod, info, store)
    var decision = Decision()
    if !pod.status.nominatedNodeName.isEmpty,
      let row = rowOfFit(pod.status.nominatedNodeName, info, filter)
    {
      decision.row = row
      return decision
    }
    findFeasible(info, filter, only: onlyRows(info), &decision)
    guard decision.feasible > 0 else { return decision }
    if decision.feasible == 1 {
      decision.row = scratch.feasible[0]
      return decision
    }
    sumScores(pod, info, services, store, count: decision.feasible)
    decision.row = scratch.feasible[best(of: decision.feasible, &random)]
    return decision
  }

  mutating func relationFilter(_ pod: Pod, _ info: SpecTable.Info, _ store: ObjectStore)
    -> RelationFilter?
  {
    guard info.hasConstraints || info.hasPodAffinity || !relations.isEmpty else { return nil }
    let filter = RelationFilter(pod, info, &self, store)
    return filter.isEmpty ? nil : filter
  }

  /// The rows that the pod's affinity names; nil when it names none.
  func onlyRows(_ info: SpecTable.Info) -> [Int32]? {
    guard let names = specs.rules[Int(info.shape)].affinity?.onlyNames else { return nil }
    return names.compactMap { row(named: $0) }
  }

  private mutating func rowOfFit(
    _ name: String, _ info: SpecTable.Info, _ filter: RelationFilter?
  ) -> Int32? {
    guard let row = row(named: name) else { return nil }
    let rule = specs.rules[Int(info.shape)]
    let fits =
      rule.barrier(rows[Int(row)]) == nil && rule.shortage(rows[Int(row)]) == nil
      && filter?.refusal(of: row) == nil
    return fits ? row : nil
  }

  // MARK: Filtering

  private mutating func prepare(_ shape: Int32) {
    while verdicts.count <= Int(shape) { verdicts.append([]) }
    let missing = rows.count - verdicts[Int(shape)].count
    if missing > 0 {
      verdicts[Int(shape)].append(
        contentsOf: repeatElement(ShapeRule.Verdict(), count: missing))
    }
    if scratch.feasible.count < order.count {
      scratch.feasible = ContiguousArray(repeating: 0, count: order.count)
      scratch.totals = ContiguousArray(repeating: 0, count: order.count)
    }
  }

  /// Looks at nodes from where the last decision stopped until enough fit.
  private mutating func findFeasible(
    _ info: SpecTable.Info, _ filter: RelationFilter?, only: [Int32]?, _ decision: inout Decision
  ) {
    prepare(info.shape)
    let candidates = only.map { ContiguousArray($0) } ?? order
    let count = candidates.count
    let wanted = only == nil ? Self.sampleSize(of: order.count) : count
    let start = only == nil ? nextStart : 0
    let (rule, nodes, versions) = (specs.rules[Int(info.shape)], rows, useVersions)
    var (found, examined) = (0, 0)
    // Taken out while they are written to, so that nothing else holds them.
    var verdicts = ContiguousArray<ShapeRule.Verdict>()
    var feasible = ContiguousArray<Int32>()
    swap(&verdicts, &self.verdicts[Int(info.shape)])
    swap(&feasible, &scratch.feasible)
    verdicts.withUnsafeMutableBufferPointer { verdicts in
      candidates.withUnsafeBufferPointer { candidates in
        versions.withUnsafeBufferPointer { versions in
          feasible.withUnsafeMutableBufferPointer { feasible in
            var position = start
            while examined < count, found < wanted {
              let row = candidates[position]
              let place = Int(row)
              position += 1
              if position == count { position = 0 }
              examined += 1
              if verdicts[place].useVersion != versions[place] {
                rule.update(&verdicts[place], nodes[place], useVersion: versions[place])
              }
              if verdicts[place].score < 0 { continue }
              if let filter, filter.refusal(of: row) != nil { continue }
              feasible[found] = row
              found += 1
            }
          }
        }
      }
    }
    swap(&verdicts, &self.verdicts[Int(info.shape)])
    swap(&feasible, &scratch.feasible)
    decision.feasible = found
    decision.examined = examined
    if only == nil, count > 0 { nextStart = (start + examined) % count }
  }

  // MARK: Scoring

  /// Adds the weighted scores of the feasible nodes up in `scratch.totals`.
  private mutating func sumScores(
    _ pod: Pod, _ info: SpecTable.Info, _ services: SelectorIndex, _ store: ObjectStore,
    count: Int
  ) {
    let isPlain =
      !info.hasConstraints && !info.hasPodAffinity && relations.isEmpty && !hasPreferenceTaints
      && haveHostnames
      && !specs.rules[Int(info.shape)].hasPreferences
    if isPlain {
      sumPlainScores(pod, info, services, store, count: count)
      addImageScores(info, count: count)
    } else {
      let plugins = pluginScores(
        pod, info, scratch.feasible[..<count], services, store)
      for place in 0..<count {
        scratch.totals[place] = Int32(
          plugins.reduce(0) { $0 + $1.weight * ($1.values[place] ?? 0) })
      }
    }
  }

  /// Nodes that have a pod's images already are better; few pods meet such.
  private mutating func addImageScores(_ info: SpecTable.Info, count: Int) {
    guard images.matters(info.images, nodes: order.count) else { return }
    for place in 0..<count {
      let score = images.score(info.images, on: scratch.feasible[place], nodes: order.count)
      scratch.totals[place] += Int32(score)
    }
  }

  /// The scores of a pod that only the default spreading and the nodes' resources tell apart.
  private mutating func sumPlainScores(
    _ pod: Pod, _ info: SpecTable.Info, _ services: SelectorIndex, _ store: ObjectStore,
    count: Int
  ) {
    let isSpread = loadSpread(pod, info, services, store)
    let zoneCount = zoneNumbers.count
    var isSeen = [Bool](repeating: false, count: zoneCount)
    var zones = 0
    if zoneCount > 0, isSpread {
      for place in 0..<count where zones < zoneCount {
        let zone = zoneOfRow[Int(scratch.feasible[place])]
        if zone >= 0, !isSeen[Int(zone)] {
          isSeen[Int(zone)] = true
          zones += 1
        }
      }
    }
    let hostWeight = RepeatableMath.log(Double(count + 2))
    let zoneWeight = RepeatableMath.log(Double(zones + 2))
    let zoneParts = (0..<zoneCount).map { zone in
      isSpread ? Double(spread.inZone[zone]) * zoneWeight + 4 : 0
    }
    let (zoneOfRow, verdicts, feasible) = (zoneOfRow, verdicts[Int(info.shape)], scratch.feasible)
    let onRow = spread.onRow
    var totals = ContiguousArray<Int32>()
    swap(&totals, &scratch.totals)
    zoneOfRow.withUnsafeBufferPointer { zoneOfRow in
      verdicts.withUnsafeBufferPointer { verdicts in
        feasible.withUnsafeBufferPointer { feasible in
          totals.withUnsafeMutableBufferPointer { totals in
            guard isSpread else {
              for place in 0..<count { totals[place] = verdicts[Int(feasible[place])].score }
              return
            }
            var (least, most) = (Int32.max, Int32.min)
            for place in 0..<count {
              let row = Int(feasible[place])
              var sum = Double(onRow[row]) * hostWeight + 2
              let zone = zoneOfRow[row]
              if zone >= 0 { sum += zoneParts[Int(zone)] }
              let raw = Int32(sum + 0.5)
              least = min(least, raw)
              most = max(most, raw)
              totals[place] = raw
            }
            // There are few different numbers of pods on a node, but for the strangest clusters.
            let isSmall = most - least < 1024
            let points = isSmall ? (least...most).map { Self.points($0, least, most) } : []
            for place in 0..<count {
              let number = totals[place]
              totals[place] =
                verdicts[Int(feasible[place])].score
                + (isSmall ? points[Int(number - least)] : Self.points(number, least, most))
            }
          }
        }
      }
    }
    swap(&totals, &scratch.totals)
  }

  /// What spreading gives a node with so many pods, of 100, by its weight of two.
  private static func points(_ number: Int32, _ least: Int32, _ most: Int32) -> Int32 {
    most == 0 ? 200 : 2 * (100 * (most + least - number) / most)
  }

  /// Lays out the counts for the default spreading of a pod; false when nothing selects it.
  private mutating func loadSpread(
    _ pod: Pod, _ info: SpecTable.Info, _ services: SelectorIndex, _ store: ObjectStore
  ) -> Bool {
    let group = groups.id(namespace: pod.metadata.namespace, labels: Self.ownLabels(pod))
    let key = SpreadCounts.Key(group: group, owner: pod.metadata.controllerReference?.uid ?? .none)
    let target: Int32
    if let known = spread.find(key) {
      target = known
    } else {
      let selectors = Self.defaultSelectors(pod, services, store)
      target = spread.add(
        SpreadCounts.Target(namespace: pod.metadata.namespace, selectors: selectors), key)
    }
    if spread.targets[Int(target)].selectors.isEmpty { return false }
    let shape = specs.rules[Int(info.shape)].shape
    let isRestricted = !shape.nodeSelector.isEmpty || shape.nodeAffinity != nil
    let rule = isRestricted ? info.shape : -1
    if !spread.isLoaded(target, rule: rule, groups) {
      var zones = zoneOfRow
      if rule >= 0 {
        for row in rows.indices { zones[row] = spreadZone(of: Int32(row), rule: rule) }
      }
      spread.load(target, rule: rule, &groups, rows: rows.count, zones: zoneNumbers.count) {
        zones[Int($0)]
      }
    }
    return true
  }

  /// The place of the highest total; of several equal ones any.
  private func best(of count: Int, _ random: inout RandomStream) -> Int {
    scratch.totals.withUnsafeBufferPointer { totals in
      var (highest, ties, first) = (Int32.min, 0, 0)
      for place in 0..<count {
        if totals[place] > highest {
          (highest, ties, first) = (totals[place], 1, place)
        } else if totals[place] == highest {
          ties += 1
        }
      }
      guard ties > 1 else { return first }
      var left = random.index(below: ties)
      var place = first
      while true {
        if totals[place] == highest {
          if left == 0 { return place }
          left -= 1
        }
        place += 1
      }
    }
  }
}
