/// What waits for a turn at one priority level: queues that are served in turn. A flow is dealt a hand of queues by its
/// hash and joins the shortest (shuffle sharding), so that a flow which floods its queues leaves those of most others
/// short.
struct FairQueue<Element: AnyObject> {
    private var queues: [Int: [Element]] = [:]
    /// Queues that hold something, in the order of their turns.
    private var turns: [Int] = []
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// False when the shortest queue of the flow's hand is full.
    mutating func add(_ element: Element, hash: UInt64, _ limits: QueueLimits) -> Bool {
        var best = 0
        var shortest = Int.max
        for index in ShuffleSharding.hand(hash, of: limits.queues, size: limits.handSize) {
            let length = queues[index]?.count ?? 0
            if length < shortest { (best, shortest) = (index, length) }
        }
        guard shortest < limits.length else { return false }
        if shortest == 0 { turns.append(best) }
        queues[best, default: []].append(element)
        count += 1
        return true
    }

    mutating func next() -> Element? {
        while !turns.isEmpty {
            let index = turns.removeFirst()
            guard let element = queues[index]?.removeFirst() else { continue }
            count -= 1
            if queues[index]?.isEmpty == true { queues[index] = nil } else { turns.append(index) }
            return element
        }
        return nil
    }

    /// Takes one out that waits no longer; false when it is not there any more.
    mutating func remove(_ element: Element) -> Bool {
        for (index, queue) in queues {
            guard let place = queue.firstIndex(where: { $0 === element }) else { continue }
            queues[index]?.remove(at: place)
            if queues[index]?.isEmpty == true {
                queues[index] = nil
                turns.removeAll { $0 == index }
            }
            count -= 1
            return true
        }
        return false
    }
}

/// A PriorityLevelConfiguration's `queuing`.
struct QueueLimits: Sendable, Equatable {
    var queues = 64
    var handSize = 8
    var length = 50
}

enum ShuffleSharding {
    /// Different queues for a flow, dealt from its hash like cards from a deck.
    static func hand(_ hash: UInt64, of queues: Int, size: Int) -> [Int] {
        var rest = hash
        var hand: [Int] = []
        hand.reserveCapacity(size)
        for dealt in 0..<min(size, queues) {
            let left = UInt64(queues - dealt)
            var card = Int(rest % left)
            rest /= left
            // The card's number among those that are left.
            for taken in hand.sorted() where card >= taken { card += 1 }
            hand.append(card)
        }
        return hand
    }
}
