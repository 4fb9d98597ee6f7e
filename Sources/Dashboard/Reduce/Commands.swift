import Canvas
import ControlPlane

/// The commands that keys stand for.
func scaleCommand(
  _ name: NamespacedName, replicas: String, _ snapshot: DashboardSnapshot
) -> String {
  "kubectl scale deployment \(name.name) --replicas=\(replicas)"
    + namespaceFlag(name.namespace, snapshot)
}

/// ` -n NAMESPACE` where commands would assume another one.
func namespaceFlag(_ namespace: String, _ snapshot: DashboardSnapshot) -> String {
  namespace.isEmpty || namespace == snapshot.namespace ? "" : " -n \(namespace)"
}

func scale(by step: Int, _ snapshot: DashboardSnapshot) -> [DashboardEffect] {
  guard let workload = snapshot.workload else { return [] }
  let replicas = max(workload.replicas + step, 0)
  guard replicas != workload.replicas else { return [] }
  return [.run(scaleCommand(workload.name, replicas: String(replicas), snapshot))]
}

func describe(_ state: DashboardState, _ snapshot: DashboardSnapshot) -> [DashboardEffect] {
  guard let object = state.chosenObject(snapshot) else { return [] }
  let command =
    "kubectl describe \(object.kind) \(object.name)" + namespaceFlag(object.namespace, snapshot)
  return [.read(command, title: command)]
}

func yaml(_ state: DashboardState, _ snapshot: DashboardSnapshot) -> [DashboardEffect] {
  guard let object = state.chosenObject(snapshot) else { return [] }
  let command =
    "kubectl get \(object.kind) \(object.name)" + namespaceFlag(object.namespace, snapshot)
    + " -o yaml"
  return [.read(command, title: command)]
}

extension DashboardState {
  static let speeds: [Double] = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100]

  /// The next of the usual speeds; after the last comes as fast as possible.
  mutating func changeSpeed(by step: Int, _ speed: Double?) -> [DashboardEffect] {
    let speeds = Self.speeds
    let next: Double?
    if step > 0 {
      guard let speed else {
        message = Message(.notice, "it goes no faster than max")
        return []
      }
      next = speeds.first { $0 > speed }
    } else {
      next = speed.map { now in speeds.last { $0 < now } ?? now } ?? speeds.last
    }
    if step < 0, next == speed {
      message = Message(
        .notice,
        "it goes no slower; \(keymap.label(.pauseToggled)) pauses, \(keymap.label(.stepChosen)) steps"
      )
      return []
    }
    return [.run("speed \(Format.speed(next))")]
  }

  mutating func askToDelete(_ snapshot: DashboardSnapshot) {
    if !marks.isEmpty {
      let command = deleteCommands(snapshot).joined(separator: "; ")
      overlay = .question(
        Question("Delete the \(Format.count(marks.count, "object")) marked?", command: command))
      return
    }
    guard let object = chosenObject(snapshot) else { return }
    let command =
      "kubectl delete \(object.kind) \(object.name)" + namespaceFlag(object.namespace, snapshot)
    overlay = .question(Question("Delete \(object.kind) \(object.name)?", command: command))
  }

  /// Writes a command and what it said into the log, and shows what the log does not.
  mutating func note(_ command: String, output: String, errors: String) {
    commands.append(command, output: output, errors: errors)
    selection.commandLine = nil
    let lines = output.split(separator: "\n").count
    let room = ScreenLayout(self).panel(.commands)?.inside.height ?? 0
    if let error = errors.split(separator: "\n").first {
      message = Message(.error, String(error))
    } else if lines > max(room - 1, 1) {
      overlay = .text(TextView(title: command, text: output))
    } else if room == 0, let line = output.split(separator: "\n").first {
      message = Message(.notice, String(line))
    }
  }
}
