import ClusterModel
import Simulation
import Testing

@testable import Console

@Suite struct `A custom resource` {
  private static let files = MemoryFiles(texts: [
    "all.yaml": """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: gadgets.example.com}
    spec:
      group: example.com
      scope: Namespaced
      names: {plural: gadgets, kind: Gadget, shortNames: [gd], categories: [tools]}
      versions:
      - name: v1
        served: true
        storage: true
        additionalPrinterColumns:
        - {name: Size, type: integer, jsonPath: .spec.size}
        - {name: Hosts, type: string, jsonPath: .spec.hosts, priority: 1}
        - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
    ---
    apiVersion: example.com/v1
    kind: Gadget
    metadata: {name: g}
    spec: {size: 3, hosts: [a.example]}
    """
  ])

  private func output(_ command: String) -> String {
    var console = Console(world: World())
    #expect(console.execute("apply -f all.yaml", reading: Self.files).status == 0)
    return console.execute(command, reading: Self.files).output
  }

  @Test(arguments: ["gd", "gadgets", "gadget", "gadgets.v1.example.com", "gd/g", "tools"])
  func `has all its names, and the columns of its definition`(name: String) {
    #expect(output("get \(name)") == "NAME   SIZE   AGE\ng      3      0s\n")
  }

  @Test func `has columns that are shown on demand`() {
    #expect(
      output("get gd -o wide").split(separator: "\n").map { $0.split(separator: " ") } == [
        ["NAME", "SIZE", "HOSTS", "AGE"], ["g", "3", "[\"a.example\"]", "0s"],
      ])
  }

  @Test func `is among the kinds, and its definition is established`() {
    #expect(
      output("api-resources --api-group=example.com --no-headers").split(separator: " ")
        == ["gadgets", "gd", "example.com/v1", "true", "Gadget\n"])
    #expect(
      output("wait --for=condition=Established crd/gadgets.example.com")
        == "customresourcedefinition.apiextensions.k8s.io/gadgets.example.com condition met\n")
  }

  @Test func `counts the changes of its spec`() {
    #expect(
      output(
        "patch gd g --type=merge -p '{\"spec\":{\"size\":4}}'; label gd g a=b; "
          + "get gd g -o jsonpath='{.metadata.generation}'"
      )
      .hasSuffix("labeled\n2"))
  }
}
