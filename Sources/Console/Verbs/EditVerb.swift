import ControlPlane
import Manifests

/// `edit`: an object in the user's editor. The console itself starts no programs: who holds it
/// does, and gives the text back through `Editing`.
struct EditVerb: Verb {
  let name = "edit"
  let summary = "Edit a resource on the server"
  let usage = "(TYPE NAME | TYPE/NAME | -f FILENAME)"
  let operands = Operands.objects
  let examples = ["kubectl edit deployment/web"]
  let flags: [Flag] = [.filename, .selector] + Mutation.flags

  func run(_ call: Call, _ console: inout Console, _ transcript: inout Transcript)
    throws(CommandFailure)
  {
    let objects = try TargetObjects(call, "edit").fetch(console.world, &transcript)
    if transcript.hasFailed { throw .alreadyTold }
    guard let object = objects.first else {
      return transcript.print("edit cancelled, no objects found")
    }
    guard objects.count == 1 else {
      throw CommandFailure("error: edit one object at a time")
    }
    transcript.requests.append(.edit(object))
  }
}

/// What an editor is given, and what becomes of what it gives back.
public enum Editing {
  /// The object as the editor shows it.
  public static func text(of object: StoredObject) -> String {
    "# Please edit the object below. Lines beginning with a '#' will be ignored,\n"
      + "# and an empty file will abort the edit. If an error occurs while saving this file will be\n"
      + "# reopened with the relevant failures.\n#\n"
      + Rendering.yaml(ObjectCoding.value(of: object))
  }

  /// Takes the edited text: `deployment.apps/web edited`, or what is wrong with it.
  public static func save(
    _ text: String, of object: StoredObject, in console: inout Console
  ) -> CommandResult {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let body = lines.filter { !$0.hasPrefix("#") }.joined(separator: "\n")
    if text == self.text(of: object) {
      return CommandResult(errors: "Edit cancelled, no changes made.\n")
    }
    if body.allSatisfy(\.isWhitespace) {
      return CommandResult(errors: "Edit cancelled, saved file was empty.\n")
    }
    do throws(CommandFailure) {
      guard let value = Rendering.parseYAML(body) else {
        throw CommandFailure("error: the edited text is neither YAML nor JSON")
      }
      let (wanted, _) = try ObjectCoding.patched(value, replacing: object)
      guard wanted.name == object.name, wanted.resource == object.resource else {
        throw CommandFailure("error: At least one of apiVersion, kind and name was changed")
      }
      do throws(APIError) {
        try console.world.request(.replace(wanted))
      } catch {
        throw CommandFailure(error.kubectlText)
      }
      return CommandResult(output: "\(object.title) edited\n")
    } catch {
      return CommandResult(errors: error.message + "\n", status: error.status)
    }
  }
}
