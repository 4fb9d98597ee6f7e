import Foundation

/// The tool that kube-proxy runs, in a network namespace of its own.
struct RealRestore {
  private let file: URL

  static var isPossible: Bool {
    geteuid() == 0
      && ["/usr/sbin/iptables-restore", "/usr/bin/unshare"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: $0)
      }
  }

  init(_ text: String) {
    file = FileManager.default.temporaryDirectory.appending(path: "kubarium-bench.iptables")
    // The accounting objects of nfacct exist only where kube-proxy has made them.
    let plain = text.split(separator: "\n").map { line in
      line.replacing(#/-m nfacct --nfacct-name  \w+ /#, with: "")
    }.joined(separator: "\n")
    try? Data((plain + "\n").utf8).write(to: file)
  }

  func run() {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/unshare")
    process.arguments = ["-n", "/usr/sbin/iptables-restore", "--test", file.path]
    try? process.run()
    process.waitUntilExit()
    precondition(process.terminationStatus == 0, "the kernel's tool refuses the text")
    try? FileManager.default.removeItem(at: file)
  }
}
