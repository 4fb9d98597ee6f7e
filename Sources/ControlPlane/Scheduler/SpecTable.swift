import ClusterModel

/// What there is to know of a pod's spec, worked out once for each copy of it.
struct SpecTable: Sendable {
  struct Info: Sendable {
    let spec: Shared<PodSpec>
    /// The number of its shape's rule.
    let shape: Int32
    /// The numbers of its containers' images.
    let images: [Int32]
    let hasPodAffinity: Bool
    let hasConstraints: Bool
  }

  private(set) var rules: ContiguousArray<ShapeRule> = []
  private var shapes: [PodShape: Int32] = [:]
  private var infos: [ObjectIdentifier: Info] = [:]

  /// So many copies of specs are remembered.
  private static let capacity = 4096

  /// The last answer: each pod asks several times.
  private var last: Info?

  mutating func info(of spec: Shared<PodSpec>, _ images: inout ImageTable) -> Info {
    if let last, last.spec === spec { return last }
    let info = infos[ObjectIdentifier(spec)] ?? makeInfo(of: spec, &images)
    last = info
    return info
  }

  private mutating func makeInfo(of spec: Shared<PodSpec>, _ images: inout ImageTable) -> Info {
    // A remembered copy is held, so that its identity is not another's.
    if infos.count >= Self.capacity { infos.removeAll(keepingCapacity: true) }
    let value = spec.value
    let shape = PodShape(value)
    let number: Int32
    if let known = shapes[shape] {
      number = known
    } else {
      number = Int32(rules.count)
      rules.append(ShapeRule(shape))
      shapes[shape] = number
    }
    let info = Info(
      spec: spec, shape: number,
      images: (value.initContainers + value.containers).map { images.number(of: $0.image) },
      hasPodAffinity: value.affinity?["podAffinity"] != nil
        || value.affinity?["podAntiAffinity"] != nil,
      hasConstraints: value.topologySpreadConstraints?.array?.isEmpty == false)
    infos[ObjectIdentifier(spec)] = info
    return info
  }
}

/// Which images are on which nodes (imagelocality/image_locality.go).
struct ImageTable: Sendable {
  private struct Image: Sendable {
    /// Bytes.
    var size: Int64 = 0
    /// A bit for each row.
    var rows: ContiguousArray<UInt64> = []
    var count = 0
  }

  private var numbers: [String: Int32] = [:]
  private var images: ContiguousArray<Image> = []

  mutating func number(of name: String) -> Int32 {
    let name = Self.normalized(name)
    if let number = numbers[name] { return number }
    let number = Int32(images.count)
    numbers[name] = number
    images.append(Image())
    return number
  }

  /// An image without a tag is `latest`'s.
  private static func normalized(_ name: String) -> String {
    let last = name.utf8.lastIndex(of: UInt8(ascii: ":"))
    let slash = name.utf8.lastIndex(of: UInt8(ascii: "/"))
    if let last, slash.map({ last > $0 }) ?? true { return name }
    return name + ":latest"
  }

  /// `status.images` of a Node.
  mutating func report(_ node: Node, on row: Int32) {
    for image in node.otherStatus["images"]?.array ?? [] {
      let size = image["sizeBytes"]?.integer ?? 0
      for name in image["names"]?.array ?? [] {
        if let name = name.string { add(number(of: name), size: size, on: row) }
      }
    }
  }

  mutating func add(_ image: Int32, size: Int64, on row: Int32) {
    let (word, bit) = (Int(row) / 64, UInt64(1) << UInt64(row % 64))
    while images[Int(image)].rows.count <= word { images[Int(image)].rows.append(0) }
    images[Int(image)].size = size
    if images[Int(image)].rows[word] & bit == 0 {
      images[Int(image)].rows[word] |= bit
      images[Int(image)].count += 1
    }
  }

  mutating func forget(row: Int32) {
    let (word, bit) = (Int(row) / 64, UInt64(1) << UInt64(row % 64))
    for index in images.indices
    where word < images[index].rows.count && images[index].rows[word] & bit != 0 {
      images[index].rows[word] &= ~bit
      images[index].count -= 1
    }
  }

  private static let megabyte: Int64 = 1024 * 1024
  private static let least = 23 * megabyte

  /// Whether any node could get points for these images.
  func matters(_ list: [Int32], nodes: Int) -> Bool {
    var sum: Int64 = 0
    for image in list { sum += share(image, nodes) }
    return sum > Self.least
  }

  private func share(_ image: Int32, _ nodes: Int) -> Int64 {
    let state = images[Int(image)]
    guard state.count > 0, nodes > 0 else { return 0 }
    return Int64(Double(state.size) * (Double(state.count) / Double(nodes)))
  }

  /// 0–100: the share of what has to be fetched that is there already, weighed by how many nodes
  /// have it.
  func score(_ list: [Int32], on row: Int32, nodes: Int) -> Int {
    var sum: Int64 = 0
    let (word, bit) = (Int(row) / 64, UInt64(1) << UInt64(row % 64))
    for image in list {
      let rows = images[Int(image)].rows
      if word < rows.count, rows[word] & bit != 0 { sum += share(image, nodes) }
    }
    let most = 1000 * Self.megabyte * Int64(list.count)
    let bounded = min(max(sum, Self.least), most)
    return Int(100 * (bounded - Self.least) / (most - Self.least))
  }
}
