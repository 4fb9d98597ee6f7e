import ClusterModel
import Testing

@Test(arguments: [
  ("10.244.1.5", "10.244.1.5"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
  ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("fd00:10:244::1", "fd00:10:244::1"),
  ("2001:DB8:0:0:0:0:2:1", "2001:db8::2:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
  ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
  ("0:0:0:0:0:0:0:0", "::"), ("1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"),
  ("1:0:0:4:5:6:7:8", "1::4:5:6:7:8"), ("::ffff:10.0.0.1", "::ffff:a00:1"),
  ("fe80::0001:00ab", "fe80::1:ab"),
])
func `addresses are written as RFC 5952 says`(text: String, canonical: String) {
  #expect(IPAddress(text)?.description == canonical)
}

@Test(arguments: [
  "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "1..3.4", "a.b.c.d", ":",
  ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "::1.2.3",
  "1:2:3:4:5:6:7::8", "fe80::1%eth0", "+1.2.3.4", "1.2.3.٣", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:",
])
func `what is no address is refused`(text: String) {
  #expect(IPAddress(text) == nil)
}

@Test func `every address reads back from its text`() {
  var state: UInt64 = 1
  func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state
  }
  for round in 0..<5000 {
    let v4 = IPAddress(v4: UInt32(truncatingIfNeeded: next() >> 32))
    #expect(IPAddress(v4.description) == v4)
    // Masks make runs of zero groups of every length.
    let mask = UInt64.max << UInt64(round % 64)
    let v6 = IPAddress(v6High: next() & mask, low: next() & (round % 3 == 0 ? ~mask : mask))
    #expect(IPAddress(v6.description) == v6, "\(v6)")
  }
}

@Test func `addresses are ordered by number within a family`() {
  let sorted = ["10.0.0.2", "10.0.0.10", "::1", "fd00::"].compactMap { IPAddress($0) }
  #expect(sorted.reversed().sorted() == sorted)
}

@Test(
  arguments: [
    ("10.0.0.255", 1, "10.0.1.0"), ("255.255.255.255", 1, "0.0.0.0"), ("::ffff", 1, "::1:0"),
    ("::ffff:ffff:ffff:ffff", 1, "0:0:0:1::"), ("10.0.0.0", 65_536, "10.1.0.0"),
  ] as [(String, UInt64, String)])
func `counting on wraps at the end`(start: String, offset: UInt64, end: String) {
  #expect(IPAddress(start)?.advanced(by: offset).description == end)
}

@Test(arguments: [
  ("10.244.1.7/24", "10.244.1.0/24", "10.244.1.255"), ("0.0.0.0/0", "0.0.0.0/0", "255.255.255.255"),
  ("10.1.2.3/32", "10.1.2.3/32", "10.1.2.3"), ("10.1.2.3/8", "10.0.0.0/8", "10.255.255.255"),
  ("10.1.2.3/31", "10.1.2.2/31", "10.1.2.3"),
  ("fd00::1/64", "fd00::/64", "fd00::ffff:ffff:ffff:ffff"),
  ("fd00:ffff::/20", "fd00:f000::/20", "fd00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
  ("::1/128", "::1/128", "::1"), ("::/0", "::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
  ("fd00::8:0/109", "fd00::8:0/109", "fd00::f:ffff"),
])
func `a range has a first and a last address`(text: String, canonical: String, last: String) {
  let range = CIDR(text)
  #expect(range?.description == canonical)
  #expect(range?.last.description == last)
}

@Test(arguments: [
  "10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/", "/8", "a/8",
  "::/129", "10.0.0.0/8/8", "10.0.0.0/ 8", "10.0.0.0/99999999999999999999",
])
func `what is no range is refused`(text: String) {
  #expect(CIDR(text) == nil)
}

@Test(arguments: [
  ("10.0.0.0/8", "10.96.0.0/12", true), ("10.96.0.0/12", "10.0.0.0/8", true),
  ("10.0.0.0/24", "10.0.1.0/24", false), ("0.0.0.0/0", "::/0", false),
  ("fd00::/64", "fd00::1/128", true), ("10.0.0.0/24", "10.0.0.0/24", true),
])
func `ranges overlap when one holds the other`(left: String, right: String, overlap: Bool) throws {
  #expect(try #require(CIDR(left)).overlaps(#require(CIDR(right))) == overlap)
}
