import Canvas

/// The Services with their virtual addresses, their endpoints and their traffic: the network that
/// the proxies make.
struct ServicesPanel: Panel {
  let id = PanelID.services
  let name = "Service network"

  func subtitle(_ scene: Scene) -> [TextRun] {
    let networks = scene.snapshot.networks
    let header = scene.snapshot.header
    var runs = [
      TextRun(networks.services, Style(.serviceNetwork)), TextRun(networks.proxy, .dim),
    ]
    if header.proxyCount > 0 {
      let isInSync = header.proxiesInSync == header.proxyCount
      runs.append(
        TextRun(
          "\(Format.grouped(header.proxiesInSync)) of \(Format.count(header.proxyCount, "node")) in sync",
          isInSync ? .dim : Style(.degraded, .bold)))
    }
    return runs
  }

  func itemCount(_ scene: Scene) -> Int { scene.snapshot.services.count }

  func selectedItem(_ scene: Scene) -> Int? {
    scene.state.selection.service.flatMap { scene.snapshot.serviceIndex($0) }
  }

  func select(_ item: Int, _ state: inout DashboardState, _ snapshot: DashboardSnapshot) {
    state.selection.service = snapshot.services[item].name
  }

  /// Brings the selected Service into view, with as many of its endpoints as fit.
  func settle(_ state: inout DashboardState, _ snapshot: DashboardSnapshot, in area: Rect) {
    let scene = Scene(state: state, snapshot: snapshot)
    let height = max(area.height - 1, 1)
    let count = snapshot.services.count
    var offset = scrolled(state.scroll.service, toShow: nil, height: 1, count: count)
    if let selected = selectedItem(scene) {
      let extra = expandedCount(scene, height: height)
      if selected < offset { offset = selected }
      if selected - offset + 1 + extra > height { offset = max(selected + 1 + extra - height, 0) }
      offset = min(offset, max(count + extra - height, 0), selected)
    } else {
      offset = min(offset, max(count - height, 0))
    }
    state.scroll.service = offset
  }

  func item(at place: Point, _ scene: Scene, in area: Rect) -> Int? {
    let row = place.y - area.y - 1
    let lines = lines(scene, height: area.height - 1)
    return row >= 0 && row < lines.count ? lines[row].service : nil
  }

  func emptyText(_ scene: Scene) -> String {
    scene.reasonForNothing("Service", in: id)
      ?? "no Services yet: \(scene.state.keymap.label(.promptOpened)) kubectl expose makes one"
  }

  func object(_ scene: Scene) -> ObjectName? {
    selectedItem(scene).map { item in
      let name = scene.snapshot.services[item].name
      return ObjectName(kind: "service", namespace: name.namespace, name: name.name)
    }
  }

  func listHeight(_ scene: Scene, of height: Int) -> Int? {
    min(max(scene.snapshot.services.count + 1, 4), max(height / 6, 4))
  }
}

extension ServicesPanel {
  /// One line of the list.
  enum Line {
    case service(Int)
    case endpoint(EndpointRow, of: Int)
    /// How many endpoints are not shown.
    case rest(Int, of: Int)
    /// A Service without endpoints says so.
    case none(of: Int)

    var service: Int {
      switch self {
      case .service(let index), .endpoint(_, of: let index), .rest(_, of: let index),
        .none(of: let index):
        index
      }
    }
  }

  /// The endpoints of the selected Service stand under it, except when it has the screen: then
  /// they stand in the lower part.
  private func isExpanded(_ scene: Scene) -> Bool {
    !(scene.state.isZoomed && scene.state.focus == id)
  }

  /// How many lines the selected Service takes beside its own.
  func expandedCount(_ scene: Scene, height: Int) -> Int {
    guard isExpanded(scene), let detail = scene.snapshot.service,
      detail.name == scene.state.selection.service
    else { return 0 }
    return min(max(detail.endpoints.count, 1), max(height * 2 / 3, 1), max(height - 1, 0))
  }

  /// The lines that are visible, from the first visible Service on.
  func lines(_ scene: Scene, height: Int) -> [Line] {
    var lines: [Line] = []
    var index = scene.state.scroll.service
    while lines.count < height, index < scene.snapshot.services.count {
      lines.append(.service(index))
      if scene.snapshot.services[index].name == scene.state.selection.service {
        lines += expansion(of: index, expandedCount(scene, height: height), scene)
      }
      index += 1
    }
    return Array(lines.prefix(max(height, 0)))
  }

  private func expansion(of index: Int, _ room: Int, _ scene: Scene) -> [Line] {
    guard room > 0, let endpoints = scene.snapshot.service?.endpoints else { return [] }
    if endpoints.isEmpty { return [.none(of: index)] }
    if endpoints.count <= room { return endpoints.map { .endpoint($0, of: index) } }
    let shown = endpoints.prefix(room - 1).map { Line.endpoint($0, of: index) }
    return shown + [.rest(endpoints.count - shown.count, of: index)]
  }
}
