/// How much of a length one part of it wants.
public enum Constraint: Hashable, Sendable {
  /// Exactly this much, while it is there.
  case fixed(Int)
  /// At least this much, and a share of what is left over by `weight`.
  case minimum(Int, weight: Int = 1)
  /// A share of what is left over by `weight`.
  case fill(weight: Int = 1)

  var isFixed: Bool {
    if case .fixed = self { true } else { false }
  }

  /// What the part is given before anything is shared.
  var floor: Int {
    switch self {
    case .fixed(let length), .minimum(let length, weight: _): min(max(length, 0), 1_000_000)
    case .fill: 0
    }
  }

  /// The part's claim on what is left over.
  var weight: Int {
    switch self {
    case .fixed: 0
    case .minimum(_, weight: let weight), .fill(let weight): min(max(weight, 0), 1_000)
    }
  }
}

/// Returns the lengths that `constraints` get of `length`: fixed ones first, then minima, then the
/// rest by weight, each group in the order given.
///
/// The sum is `length` when something fills, and never more.
public func lengths(dividing length: Int, by constraints: [Constraint]) -> [Int] {
  var left = min(max(length, 0), 1_000_000)
  var result = [Int](repeating: 0, count: constraints.count)
  for isFixed in [true, false] {
    for (index, constraint) in constraints.enumerated() where constraint.isFixed == isFixed {
      result[index] = min(constraint.floor, left)
      left -= result[index]
    }
  }
  share(left, by: constraints.map(\.weight), into: &result)
  return result
}

/// Adds `amount` to `result` in proportion to `weights`, without losing a remainder.
func share(_ amount: Int, by weights: [Int], into result: inout [Int]) {
  var weightLeft = weights.reduce(0, +)
  var amountLeft = amount
  for (index, weight) in weights.enumerated() where weight > 0 && weightLeft > 0 {
    let part = amountLeft * weight / weightLeft
    result[index] += part
    amountLeft -= part
    weightLeft -= weight
  }
}

extension Rect {
  /// The parts of the rectangle from left to right, with `gap` columns between them.
  public func splitHorizontally(_ constraints: [Constraint], gap: Int = 0) -> [Rect] {
    let gap = max(gap, 0)
    var left = x
    return lengths(dividing: width - gap * max(constraints.count - 1, 0), by: constraints).map {
      let part = Rect(x: left, y: y, width: min($0, max(maxX - left, 0)), height: height)
      left = part.maxX + gap
      return part
    }
  }

  /// The parts of the rectangle from top to bottom, with `gap` rows between them.
  public func splitVertically(_ constraints: [Constraint], gap: Int = 0) -> [Rect] {
    let gap = max(gap, 0)
    var top = y
    return lengths(dividing: height - gap * max(constraints.count - 1, 0), by: constraints).map {
      let part = Rect(x: x, y: top, width: width, height: min($0, max(maxY - top, 0)))
      top = part.maxY + gap
      return part
    }
  }
}
