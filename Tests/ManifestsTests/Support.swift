import ClusterModel
import Testing

@testable import Manifests

/// Reads a text as one file called `test.yaml`.
func read(_ text: String) -> Reading {
  ManifestReader.read(Array(text.utf8), file: "test.yaml")
}

/// The one object of a text that has nothing wrong with it.
func object(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Manifest {
  let reading = read(text)
  #expect(reading.diagnostics.map(\.description) == [], sourceLocation: sourceLocation)
  try #require(reading.manifests.count == 1, sourceLocation: sourceLocation)
  return reading.manifests[0]
}

/// The documents of a text as values, whatever they mean.
func values(_ text: String) -> [Value] {
  DocumentReader.read(Array(text.utf8)).documents.map(\.value)
}

/// What was said about a text, one line each.
func complaints(_ text: String) -> [String] {
  read(text).diagnostics.map(\.description)
}
