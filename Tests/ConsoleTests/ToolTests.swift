import ClusterModel
import Simulation
import SimulationCore
import Testing

@testable import Console

@Suite struct `Programs in pods and on nodes` {
  private static let manifest =
    webManifest + """

      ---
      apiVersion: v1
      kind: Service
      metadata: {name: nobody}
      spec: {selector: {app: nobody}, ports: [{port: 80}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: client}
      spec: {containers: [{name: main, image: busybox}]}

      """

  private func console() -> Console {
    var console = Console(world: World())
    let files = MemoryFiles(texts: ["all.yaml": Self.manifest])
    let result = console.execute("apply -f all.yaml; advance 30s", reading: files)
    #expect(result.errors == "")
    return console
  }

  @Test(arguments: [
    ("curl -s web", 0, ""), ("curl web:81 -m 2", 28, "curl: (28) Connection timed out after 2000"),
    ("curl nobody", 7, "curl: (7) Failed to connect to nobody port 80 after 0 ms: "),
    ("curl nosuch", 6, "curl: (6) Could not resolve host: nosuch\n"), ("curl -s nosuch", 6, ""),
    ("curl -sS nosuch", 6, "curl: (6) "), ("curl http://web:99999/", 3, "curl: (3) "),
    ("curl -m", 2, "curl: option --max-time: requires parameter"),
    ("wget -qO- web", 0, ""), ("wget -qO- nosuch", 1, "wget: bad address 'nosuch'\n"),
    ("wget -q -O - nobody", 1, "wget: can't connect to remote host ("),
    ("nc -zv web 80", 0, "Connection to web ("), ("nc -z web 80", 0, ""),
    ("nc -zv nobody 80", 1, "nc: connect to nobody port 80 (tcp) failed: Connection refused\n"),
    ("nc -zv nosuch 80", 1, "nc: getaddrinfo for host \"nosuch\" port 80: "),
    ("nslookup web", 0, ""), ("nslookup nosuch", 1, ""), ("dig nosuch", 0, ""),
    ("cat /etc/resolv.conf", 0, ""), ("cat /etc/shadow", 1, "cat: /etc/shadow: No such file"),
    ("ping -c 2 web", 1, ""), ("ping -c 1 nosuch", 2, "ping: nosuch: Name or service not known\n"),
    ("ping web", 1, "ping: -c with 1 to 100 is needed"), ("ip route", 0, ""), ("ip addr", 0, ""),
    ("ip neigh", 0, ""), ("ip nosuch", 1, "Object \"nosuch\" is unknown"),
    ("ip link show nosuch", 1, "Device \"nosuch\" does not exist."),
    ("traceroute -n web", 0, ""), ("traceroute nosuch", 2, "nosuch: Name or service not known"),
    (
      "ping -c 1 -s 1472 -M do 192.168.0.11", 1, "ping: local error: message too long, mtu=1450\n"
    ),
    ("ping -c 1 -s 1422 -M do 192.168.0.11", 0, ""), ("ping -c 1 -s 1472 192.168.0.11", 0, ""),
    ("nslookup -debug example.com", 0, ""), ("hostname -i", 0, ""), ("printenv NOSUCH", 1, ""),
    ("printenv WEB_SERVICE_PORT", 0, ""),
  ])
  func `end as the real ones do`(command: String, status: Int32, errors: String) {
    var console = console()
    let result = console.execute("exec client -- \(command)")
    #expect(result.status == status)
    let end = status == 0 ? "" : "command terminated with exit code \(status)\n"
    #expect(result.errors.hasPrefix(errors.isEmpty ? end : errors))
    #expect(result.errors.hasSuffix(end))
    #expect(!result.advanced)
  }

  @Test func `the cache of the DNS lets names outside age`() {
    var console = console()
    func seconds(_ command: String) -> String {
      let line = console.execute("exec client -- dig +noall +answer \(command)").output
      return String(line.split(whereSeparator: \.isWhitespace).dropFirst().first ?? "")
    }
    #expect(seconds("example.com") == "30")
    _ = console.execute("advance 12s")
    #expect(seconds("EXAMPLE.com") == "18")
    #expect(seconds("web.default.svc.cluster.local") == "30")
    _ = console.execute("advance 20s")
    #expect(seconds("example.com") == "30")
  }

  @Test(arguments: [
    ("dig +short A web.default.svc.cluster.local", "web.default.svc.cluster.local A +short"),
    (
      "dig +short SRV kubernetes.default.svc.cluster.local",
      "-t SRV -q "
        + "kubernetes.default.svc.cluster.local +short"
    ),
    (
      "dig @10.96.0.10 +short kubernetes.default.svc.cluster.local",
      "+short kubernetes.default.svc.cluster.local"
    ),
    (
      "dig +short @kube-dns.kube-system kubernetes.default.svc.cluster.local",
      "+short kubernetes.default.svc.cluster.local"
    ),
  ])
  func `dig takes its words in any order, and any server`(command: String, same: String) {
    let console = console()
    var (one, other) = (console, console)
    let first = one.execute("exec client -- \(command)")
    #expect(first.output == other.execute("exec client -- dig \(same)").output)
    #expect(!first.output.isEmpty && first.status == 0)
  }

  @Test func `a server that is none is waited for in vain`() {
    var console = console()
    let answer = console.execute("exec client -- dig @10.96.0.1 web")
    #expect(answer.output.hasPrefix(";; connection timed out"))
    #expect(
      console.execute("exec client -- nslookup web nowhere.invalid").errors
        .hasPrefix("nslookup: couldn't get address for 'nowhere.invalid': not found\n"))
    #expect(
      console.execute("exec client -- nslookup kubernetes 10.96.0.10").output
        .hasPrefix("Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n"))
  }

  @Test func `conntrack forgets what it is told to`() {
    var console = console()
    _ = console.execute("exec client -- curl -s web; exec client -- nslookup web")
    let node = console.world.store.pods["default", "client"]?.nodeName ?? ""
    func run(_ command: String) -> CommandResult { console.execute("ssh \(node) \(command)") }
    let before = run("conntrack -L -p tcp").output.split(separator: "\n").count
    #expect(before > 0)
    let deleted = run("conntrack -D -p tcp")
    #expect(deleted.output.split(separator: "\n").count == before && deleted.status == 0)
    #expect(
      deleted.errors
        == "conntrack v1.4.7 (conntrack-tools): \(before) flow entries have been deleted.\n")
    #expect(run("conntrack -L -p tcp").output == "")
    #expect(run("conntrack -D -p tcp").status == 1)
    #expect(run("conntrack -C").output != "0\n")
    _ = run("conntrack -F")
    #expect(run("conntrack -C").output == "0\n")
  }

  @Test func `an answer names the pod that gave it`() {
    var console = console()
    let body = console.execute("exec client -- curl -s http://web/").output
    let names = console.world.store.pods.list(namespace: "default").map(\.metadata.name)
    #expect(names.contains { body == "\($0)\n" && $0.hasPrefix("web-") })
    #expect(console.execute("exec client -- wget -qO- web").output == body)
    let format = "'%{http_code} %{remote_port}\\n'"
    #expect(
      console.execute("exec client -- curl -s -o /dev/null -w \(format) web").output == "200 80\n")
  }

  @Test func `nslookup shows the server and the address`() throws {
    var console = console()
    let address = try #require(console.world.store.services["default", "web"]?.clusterIP)
    #expect(
      console.execute("exec client -- nslookup web").output
        == "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\n"
        + "Name:\tweb.default.svc.cluster.local\nAddress: \(address)\n\n")
    #expect(
      console.execute("exec client -- nslookup nosuch").output.hasSuffix(
        "** server can't find nosuch: NXDOMAIN\n\n"))
    #expect(
      console.execute("exec client -- dig +noall +answer +search web").output
        == "web.default.svc.cluster.local. 30 IN\tA\t\(address)\n")
  }

  @Test func `a pod has the addresses and routes of its network`() throws {
    var console = console()
    let address = try #require(console.world.store.pods["default", "client"]?.status.podIP)
    let gateway = IPAddress(v4: address.v4 & ~255 | 1)
    #expect(
      console.execute("exec client -- ip route").output
        == "default via \(gateway) dev eth0 \n10.244.0.0/16 via \(gateway) dev eth0 \n"
        + "\(IPAddress(v4: address.v4 & ~255))/24 dev eth0 proto kernel scope link "
        + "src \(address) \n")
    let ping = console.execute("exec client -- ping -c 2 \(address)")
    #expect(ping.status == 0)
    #expect(ping.output.contains("2 packets transmitted, 2 received, 0% packet loss"))
  }

  @Test func `nslookup -debug shows every query of a name and its answer`() {
    var console = console()
    func questions(_ name: String) -> [String] {
      let lines = console.execute("exec client -- nslookup -debug \(name)").output
        .split(separator: "\n").map(String.init)
      return lines.filter { $0.contains(", type = ") }
        .map { String($0.dropFirst().prefix { $0 != "," }) }
    }
    #expect(
      questions("example.com") == [
        "example.com.default.svc.cluster.local", "example.com.svc.cluster.local",
        "example.com.cluster.local", "example.com", "example.com",
      ])
    #expect(questions("example.com.") == ["example.com", "example.com"])
    let dig = console.execute("exec client -- dig +search +showsearch +noall +question example.com")
    #expect(dig.output.split(separator: "\n").count == 4)
  }

  @Test func `a packet for a service's address without a rule leaves by the gateway`() throws {
    var console = console()
    let address = try #require(console.world.store.pods["default", "client"]?.status.podIP)
    let text = console.execute("exec client -- traceroute -n -m 3 10.96.0.1").output
    let gateway = IPAddress(v4: address.v4 & ~255 | 1)
    #expect(text.contains(" 1  \(gateway)  "))
    #expect(text.hasSuffix(" 2  * * *\n 3  * * *\n"))
  }

  @Test(arguments: [
    ("ip addr", "inet 192.168.0.11/24 brd 192.168.0.255 scope global eth0\n"),
    ("ip addr show cni0", "inet 10.244.1.1/24 brd 10.244.1.255 scope global cni0\n"),
    (
      "ip -d link show flannel.1", "vxlan id 1 local 192.168.0.11 dev eth0 srcport 0 0 dstport 8472"
    ),
    ("ip link", "3: flannel.1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue "),
    ("ip route", "10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink \n"),
    ("ip route get 10.244.2.9", "10.244.2.9 via 10.244.2.0 dev flannel.1 src 10.244.1.0 uid 0 \n"),
    ("ip neigh", "10.244.2.0 dev flannel.1 lladdr "),
    ("bridge fdb show dev flannel.1", " dev flannel.1 dst 192.168.0.12 self permanent\n"),
    ("ss -tlnp", "users:((\"kubelet\""), ("crictl pods", "POD ID              CREATED   "),
    ("crictl ps", "CONTAINER           IMAGE   "), ("ping -c 1 10.244.1.1", "1 received"),
    ("cat /etc/resolv.conf", "nameserver 192.0.2.53\n"), ("hostname", "node-1\n"),
  ])
  func `a node has its programs`(command: String, expected: String) {
    var console = console()
    let result = console.execute("ssh node-1 \(command)")
    #expect(result.status == 0)
    #expect(result.output.contains(expected), "\(result.output)\(result.errors)")
  }

  @Test func `a trace lists every query of a name`() {
    var console = console()
    let text = console.execute("trace pod/client example.com:443 -o json").output
    let names = text.split(separator: "\n").filter { $0.contains("\"name\"") }
    #expect(names.count == 4)
  }

  @Test(arguments: [
    ("exec nosuch -- ls", "Error from server (NotFound): pods \"nosuch\" not found\n"),
    ("exec client", "error: you must specify at least one command for the container\n"),
    ("exec client ls", "error: exec [POD] [COMMAND] is not supported anymore."),
    ("exec client -- perl", "error: Internal error occurred: error executing command"),
    ("exec client -c other -- hostname", "Error from server (BadRequest): container other is not"),
    ("ssh nosuch iptables-save", "ssh: Could not resolve hostname nosuch: "),
    ("ssh control-plane perl", "bash: perl: command not found\n"),
    ("ssh control-plane iptables-save -t nut", "iptables-save: Cannot initialize: nut: "),
    ("ssh control-plane nft add table x", "nft: simulated are: list ruleset, list tables"),
  ])
  func `say what is wrong`(command: String, message: String) {
    var console = console()
    let result = console.execute(command)
    #expect(result.errors.hasPrefix(message))
    #expect(result.status != 0)
    #expect(result.output == "")
  }

  @Test func `flags behind a node's program are the program's`() throws {
    var console = console()
    let node = try #require(console.world.store.nodes.list().last?.metadata.name)
    let nat = console.execute("ssh \(node) iptables-save -t nat")
    #expect(nat.errors == "")
    #expect(nat.output.hasPrefix("*nat\n"))
    let whole = console.execute("ssh \(node) iptables-save").output
    #expect(whole.hasPrefix("*mangle\n"))
    #expect(whole.hasSuffix(nat.output))
  }
}
