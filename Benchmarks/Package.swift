// swift-tools-version: 6.2
import PackageDescription

/// The benchmarks are a package of their own, so that building or depending on Kubarium does not
/// fetch the benchmark library.
let package = Package(
  name: "kubarium-benchmarks",
  dependencies: [
    .package(name: "kubarium", path: ".."),
    // Without its traits: its way of counting allocations needs two more packages and a replaced
    // allocator.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .target(name: "AllocationCount", path: "AllocationCount"),
    .executableTarget(
      name: "Engine",
      dependencies: [
        .product(name: "KubariumEngine", package: "kubarium"),
        .product(name: "Benchmark", package: "benchmark"),
        "AllocationCount",
      ],
      path: "Engine",
      swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")],
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
  ]
)
