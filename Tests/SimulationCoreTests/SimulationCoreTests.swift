import Testing

@testable import SimulationCore

@Suite struct `A random stream` {
  // From an independent implementation of xoshiro256** seeded by SplitMix64.
  @Test func `of a component and a seed begins as on every machine`() {
    var scheduler = RandomStream(seed: 1, component: "scheduler")
    #expect(
      (0..<4).map { _ in scheduler.next() } == [
        0x32af_2e6d_22b0_2ba6, 0x9f39_35a0_9a2b_9f3e, 0x934f_cb61_e970_2c32, 0xf833_9ee0_335e_f351,
      ])
    var kubelet = RandomStream(seed: 1, component: "kubelet")
    #expect(kubelet.next() == 0xc88a_9ad6_2885_876e)
    var other = RandomStream(seed: 2, component: "scheduler")
    #expect(other.next() == 0x0517_b3e6_75a9_7774)
  }

  @Test func `draws the same bounded numbers everywhere`() {
    var stream = RandomStream(seed: 1, component: "scheduler")
    #expect((0..<8).map { _ in stream.below(100) } == [19, 62, 57, 96, 87, 10, 63, 5])
  }

  @Test func `stays within its bounds and reaches them`() {
    var stream = RandomStream(seed: 3, component: "bounds")
    var seen = Set<UInt64>()
    for _ in 0..<1000 { seen.insert(stream.below(7)) }
    #expect(seen == Set(0..<7))
    let low = Duration.milliseconds(3)
    for _ in 0..<1000 {
      let drawn = stream.duration(from: low, through: .milliseconds(5))
      #expect(drawn >= low && drawn <= .milliseconds(5))
    }
    #expect(stream.duration(from: low, through: low) == low)
  }

  @Test func `has the mean that its distribution promises`() {
    var stream = RandomStream(seed: 4, component: "mean")
    let count: Int64 = 20_000
    var sum = Duration.zero
    for _ in 0..<count { sum = sum + stream.exponential(mean: .milliseconds(10)) }
    #expect(abs((sum / count).nanoseconds - 10_000_000) < 300_000)
  }

  @Test func `shuffles every element to somewhere`() {
    var stream = RandomStream(seed: 5, component: "shuffle")
    var cards = Array(0..<52)
    stream.shuffle(&cards)
    #expect(cards.sorted() == Array(0..<52))
    #expect(cards != Array(0..<52))
  }
}

@Suite struct `An event queue` {
  @Test(arguments: 1...20) func `gives events by time, and by age among equals`(seed: UInt64) {
    var random = RandomStream(seed: seed, component: "queue")
    var queue = EventQueue<Int>()
    // The slow and obvious queue: a list, sorted by time and then by age.
    var list: [(time: Int64, event: Int)] = []
    for event in 0..<400 {
      if random.chance(2, in: 3) {
        let time = Int64(random.below(50))
        queue.schedule(event, at: Instant(nanoseconds: time))
        let place = list.firstIndex { $0.time > time } ?? list.count
        list.insert((time, event), at: place)
      } else {
        let expected = list.isEmpty ? nil : list.removeFirst()
        let popped = queue.popNext()
        #expect(popped?.event == expected?.event && popped?.time.nanoseconds == expected?.time)
      }
      #expect(queue.count == list.count)
      #expect(queue.nextTime?.nanoseconds == list.first?.time)
    }
  }

  @Test func `keeps what lies beyond the limit`() {
    var queue = EventQueue<String>()
    queue.schedule("late", at: .zero + .seconds(2))
    #expect(queue.popNext(upTo: .zero + .seconds(1)) == nil)
    #expect(queue.popNext(upTo: .zero + .seconds(2))?.event == "late")
    #expect(queue.isEmpty)
  }

  @Test func `passes over what was cancelled`() {
    var queue = EventQueue<String>()
    let first = queue.schedule("first", at: .zero)
    queue.schedule("second", at: .zero)
    let third = queue.schedule("third", at: .zero + .seconds(1))
    queue.cancel(third)
    queue.cancel(first)
    #expect(queue.count == 1)
    #expect(queue.popNext()?.event == "second")
    #expect(queue.popNext() == nil)
    // Cancelling what has left changes nothing.
    queue.cancel(first)
    #expect(queue.isEmpty)
  }
}

@Suite struct `Simulated time` {
  @Test func `is counted in whole nanoseconds`() {
    #expect(Duration.hours(1) == .minutes(60))
    #expect(Duration.minutes(1) == .seconds(60))
    #expect(Duration.seconds(1) == .milliseconds(1000))
    #expect(Duration.milliseconds(1) == .microseconds(1000))
    #expect(Duration.microseconds(1) == .nanoseconds(1000))
    #expect(Duration.seconds(7) / 2 == .milliseconds(3500))
    #expect(Duration.milliseconds(3) * 4 == .milliseconds(12))
  }

  @Test func `before zero is earlier`() {
    let start = Instant.zero - .seconds(3)
    #expect(start < .zero)
    #expect(Instant.zero - start == .seconds(3))
    #expect(start + .seconds(3) == .zero)
    var time = start
    time += .seconds(5)
    #expect(time == .zero + .seconds(2))
    #expect(time < .distantFuture)
  }
}

@Suite struct `A digest` {
  @Test func `tells where one text ends`() {
    func digest(_ texts: String...) -> String {
      var hasher = StateHasher()
      for text in texts { hasher.combine(text) }
      return hasher.digest
    }
    #expect(digest("ab", "c") != digest("a", "bc"))
    #expect(digest("ab", "c") == digest("ab", "c"))
    #expect(digest().count == 16)
  }
}
