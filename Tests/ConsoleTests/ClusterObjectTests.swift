import ClusterModel
import Simulation
import Testing

@testable import Console

@Suite struct `Objects that every cluster has` {
  private func output(_ command: String) -> String {
    var console = Console(world: World())
    return console.execute(command, reading: MemoryFiles(texts: [:])).output
  }

  @Test func `kinds are listed by group and name`() {
    let names = output("api-resources -o name").split(separator: "\n").map(String.init)
    #expect(names.prefix(4) == ["bindings", "componentstatuses", "configmaps", "endpoints"])
    #expect(
      names.suffix(3) == [
        "storageclasses.storage.k8s.io", "volumeattachments.storage.k8s.io",
        "volumeattributesclasses.storage.k8s.io",
      ])
    #expect(
      names.contains("events.events.k8s.io") && names.contains("tokenreviews.authentication.k8s.io")
    )
  }

  @Test func `kinds say what can be done with them`() {
    let lines = output("api-resources -o wide --api-group=").split(separator: "\n")
    let namespaces = lines.first { $0.hasPrefix("namespaces ") }
    #expect(
      namespaces?.split(separator: " ").map(String.init) == [
        "namespaces", "ns", "v1", "false", "Namespace",
        "create,delete,get,list,patch,update,watch",
      ])
    let services = lines.first { $0.hasPrefix("services ") }
    #expect(
      services?.hasSuffix("create,delete,deletecollection,get,list,patch,update,watch   all")
        == true)
    #expect(
      output("api-resources --categories=all --no-headers").split(separator: "\n").count == 10)
  }

  @Test func `nodes and leaders hold leases`() {
    let lines = output("get leases -A").split(separator: "\n").map { line in
      line.split(separator: " ").prefix(2).joined(separator: "/")
    }
    #expect(
      lines == [
        "NAMESPACE/NAME", "kube-node-lease/control-plane", "kube-node-lease/node-1",
        "kube-node-lease/node-2", "kube-node-lease/node-3", "kube-system/kube-controller-manager",
        "kube-system/kube-scheduler",
      ])
    #expect(
      output("get lease node-1 -n kube-node-lease -o jsonpath={.spec.leaseDurationSeconds}")
        == "40")
  }

  @Test func `every namespace has the cluster's certificate`() {
    #expect(
      output("create ns shop; get cm -n shop -o name")
        == "namespace/shop created\nconfigmap/kube-root-ca.crt\n")
    #expect(
      output("label cm kube-root-ca.crt a=b; get cm --show-labels --no-headers")
        .hasSuffix("a=b\n"))
    #expect(output("describe cm kube-root-ca.crt").contains("-----BEGIN CERTIFICATE-----"))
  }

  @Test func `components are well`() {
    #expect(
      output("get cs") == """
        NAME                 STATUS    MESSAGE   ERROR
        controller-manager   Healthy   ok        
        etcd-0               Healthy   ok        
        scheduler            Healthy   ok        

        """)
  }

  @Test func `the system has its priorities`() {
    #expect(
      output("get pc --no-headers -o custom-columns=N:.metadata.name,V:.value") == """
        system-cluster-critical   2000000000
        system-node-critical      2000001000

        """)
  }

  @Test func `null is sorted before everything else`() {
    let times = output(
      "run a --image=nginx; run b --image=nginx; advance 20s; get events --sort-by=.lastTimestamp "
        + "-o jsonpath='{range .items[*]}{.reason} {end}'")
    #expect(times.contains("Scheduled Scheduled Pulling Pulling Pulled"))
  }

  @Test(arguments: [
    (
      "loadBalancerSourceRanges: [10.1.2.3/8], type: LoadBalancer",
      "spec.loadBalancerSourceRanges[0]: CIDR value \"10.1.2.3/8\" is ambiguous in this context "
        + "(should be \"10.0.0.0/8\" or \"10.1.2.3/32\"?)"
    ),
    (
      "clusterIP: None, sessionAffinity: ClientIP",
      "spec.SessionAffinity is ignored when spec.clusterIP is \"None\""
    ),
  ])
  func `odd Services are taken with a warning`(fields: String, warning: String) {
    var console = Console(world: World())
    let text =
      "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}], \(fields)}"
    let result = console.execute("apply -f a.yaml", reading: MemoryFiles(texts: ["a.yaml": text]))
    #expect(result.output == "service/a created\n")
    #expect(result.errors == "Warning: \(warning)\n")
  }
}
