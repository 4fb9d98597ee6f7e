import ClusterModel
import Testing

@Test(
  arguments: [
    ("0", 0), ("1", 1000), ("100m", 100), ("0.1", 100), ("1.5", 1500), ("1500m", 1500),
    ("2k", 2_000_000),
    ("64Mi", 67_108_864_000), ("1Gi", 1_073_741_824_000), ("1.5Gi", 1_610_612_736_000),
    ("128974848", 128_974_848_000), ("129e6", 129_000_000_000), ("129M", 129_000_000_000),
    ("1E3", 1_000_000), ("1E", .max), ("1Ki", 1_024_000), ("-1", -1000), ("+1", 1000),
    (".5", 500), ("5.", 5000), ("1n", 1), ("1u", 1), ("0.0001", 1), ("1001u", 2), ("9Ei", .max),
    ("99999999999999999999", .max), ("1e-3", 1), ("123456789n", 124), ("0.5Ki", 512_000),
  ] as [(String, Int64)])
func `quantities count thousandths`(text: String, milli: Int64) {
  #expect(Quantity(text)?.milli == milli)
  #expect(Quantity(text)?.text == text)
}

@Test(arguments: [
  "", "m", "1 Gi", "1GiB", "1.2.3", "--1", "1e", "1q", "Gi", "1mm", "٣", "1K", "0x1",
])
func `what is no quantity is refused`(text: String) {
  #expect(Quantity(text) == nil)
}

@Test func `a whole number of bytes is rounded up`() {
  #expect(Quantity("1500m")?.value == 2)
  #expect(Quantity("1Gi")?.value == 1_073_741_824)
}

@Test(
  arguments: [(0, "0"), (100, "100m"), (2000, "2"), (1500, "1500m"), (-250, "-250m")]
    as [(Int64, String)])
func `thousandths are written in the shortest form`(milli: Int64, text: String) {
  #expect(Quantity(milli: milli).description == text)
}
