/// An array in pages, of which a copy shares all that neither has written to since.
///
/// Growing it moves nothing, and a write beside a snapshot copies one page.
struct PagedArray<Element: Sendable>: Sendable {
  private static var shift: Int { 8 }
  private static var mask: Int { 1 << shift - 1 }

  private var pages: ContiguousArray<ContiguousArray<Element>> = []
  private(set) var count = 0

  subscript(_ index: Int) -> Element {
    _read { yield pages[index >> Self.shift][index & Self.mask] }
    _modify { yield &pages[index >> Self.shift][index & Self.mask] }
  }

  mutating func append(_ element: Element) {
    if count & Self.mask == 0 {
      pages.append([])
      if count > 0 { pages[pages.count - 1].reserveCapacity(1 << Self.shift) }
    }
    pages[pages.count - 1].append(element)
    count += 1
  }

  /// How many elements the first page holds when it is full.
  static var pageSize: Int { 1 << shift }

  /// Forgets the first `pageSize` elements; there must be as many.
  mutating func removeFirstPage() {
    pages.removeFirst()
    count -= Self.pageSize
  }
}
