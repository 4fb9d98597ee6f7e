import ClusterModel
import Testing

@testable import Console

@Suite struct PrintingQuantityTests {
  @Test(arguments: [
    ("0.5", "500m"), ("1500m", "1500m"), ("1000m", "1"), ("2", "2"), ("1000", "1k"),
    ("1024Mi", "1Gi"), ("1500Mi", "1500Mi"), ("512", "512"), ("512Ki", "512Ki"), ("0Mi", "0"),
    ("1Ki", "1Ki"), ("0.5Ki", "512"), ("2e3", "2e3"), ("128M", "128M"), ("0.1m", "1m"),
    ("none", "none"), ("-1", "-1"),
  ])
  func `quantities are written as the API writes them`(_ text: String, _ canonical: String) {
    #expect(QuantityText.canonical(text) == canonical)
  }

  @Test(arguments: [
    (["100m", "200m"], "300m"), (["500m", "500m"], "1"), (["64Mi", "192Mi"], "256Mi"),
    (["0", "64Mi", "1000"], "67109864"), ([], "0"),
  ])
  func `a sum is written as its first part`(_ texts: [String], _ sum: String) {
    let total = texts.compactMap { Quantity($0) }.map(QuantityText.init)
      .reduce(QuantityText(), +)
    #expect(total.text == sum)
  }
}
