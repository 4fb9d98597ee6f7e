// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is built with: the language's strictest mode, and no warning left standing.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

/// A library target of the program, with the layers below it that it may know.
func layer(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one layer; `exclude` names the folders that hold no sources.
func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "kubarium",
  products: [
    .executable(name: "kubarium", targets: ["kubarium"]),
    .library(
      name: "KubariumEngine",
      targets: ["Simulation", "Manifests", "Console", "Dashboard", "Scenario"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
  ],
  targets: [
    // The engine, innermost first.
    layer("SimulationCore"),
    layer("ClusterModel"),
    layer("ControlPlane", ["SimulationCore", "ClusterModel"]),
    layer(
      "DataPlane",
      ["SimulationCore", "ClusterModel", .product(name: "Crypto", package: "swift-crypto")]),
    layer(
      "Traffic",
      [
        "SimulationCore", "ClusterModel", "DataPlane",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ]),
    layer(
      "Simulation", ["SimulationCore", "ClusterModel", "ControlPlane", "DataPlane", "Traffic"]),

    // Text in and out.
    layer("Spelling"),
    layer("Manifests", ["ClusterModel", "Spelling", .product(name: "Yams", package: "Yams")]),
    // A target names every module it imports, or a change below does not rebuild it.
    layer(
      "Console",
      [
        "SimulationCore", "ClusterModel", "ControlPlane", "DataPlane", "Traffic", "Simulation",
        "Spelling", "Manifests",
      ]),

    // The screen.
    layer("Canvas", ["Spelling"]),
    layer("Dashboard", ["Spelling", "Canvas", "Console"]),
    layer("Recording", ["Canvas"]),
    layer(
      "Scenario",
      [
        "SimulationCore", "Spelling", "Manifests", "Console", "Canvas", "Dashboard", "Recording",
      ]),
    .target(
      name: "CNcurses",
      cSettings: [.define("_GNU_SOURCE"), .define("NCURSES_WIDECHAR", to: "1")],
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    layer("Terminal", ["CNcurses", "Canvas"]),

    // What the binary carries.
    .target(
      name: "Themes", path: "themes",
      resources: [
        .embedInCode("dark.yaml"),
        .embedInCode("light.yaml"),
        .embedInCode("harbour.yaml"),
        .embedInCode("ember.yaml"),
        .embedInCode("moss.yaml"),
        .embedInCode("paper.yaml"),
        .embedInCode("frost.yaml"),
        .embedInCode("projector-dark.yaml"),
        .embedInCode("projector-light.yaml"),
        .embedInCode("safe-dark.yaml"),
        .embedInCode("safe-light.yaml"),
        .embedInCode("contrast.yaml"),
        .embedInCode("mono.yaml"),
      ],
      swiftSettings: strict),
    .target(
      name: "Demos", path: "demos",
      exclude: ["shop.commands"],
      resources: [
        .embedInCode("shop.yaml"), .embedInCode("shop.demo.yaml"),
        .embedInCode("endpoints.demo.yaml"), .embedInCode("rollout.demo.yaml"),
        .embedInCode("selector.demo.yaml"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "kubarium",
      dependencies: [
        "ClusterModel", "Simulation", "Spelling", "Manifests", "Console", "Dashboard", "Recording",
        "Scenario", "Canvas", "SimulationCore", "Terminal", "Themes", "Demos",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // Both ends of the connections that the kernel test sends.
    .executableTarget(
      name: "Probe", path: "Tests/Probe", cSettings: [.define("_GNU_SOURCE")]),

    tests("SimulationCoreTests", ["SimulationCore"]),
    tests("ClusterModelTests", ["ClusterModel"]),
    tests("ControlPlaneTests", ["ControlPlane"]),
    tests("DataPlaneTests", ["DataPlane"]),
    tests("TrafficTests", ["Traffic"]),
    tests("SimulationTests", ["Simulation"]),
    tests("ManifestsTests", ["Manifests"]),
    tests("ConsoleTests", ["Console", "Demos"]),
    tests("CanvasTests", ["Canvas"]),
    tests("DashboardTests", ["Dashboard", "Demos", "Themes"], exclude: ["Golden"]),
    tests("RecordingTests", ["Recording"]),
    tests("ScenarioTests", ["Scenario", "Demos"]),
    tests("ProgramTests", []),
    tests("TidyTests", []),
  ]
)
