internal import EdgeTransport
internal import NIOCore

/// One event loop's time, as a seat that requests share which are answered on it at once. While there is time they pay
/// by it and no more. When limited requests have used up their part of the present moment, they queue by flows and are
/// let on a few at a time, with the sockets looked at in between: who floods the loop waits in its own queues.
///
/// `@unchecked Sendable`: confined to its event loop.
final class ReadLane: @unchecked Sendable {
    /// A place in a queue.
    ///
    /// `@unchecked Sendable`: confined to the event loop, as the lane is.
    final class Place: @unchecked Sendable {
        private var continuation: CheckedContinuation<Void, Never>?
        private var isCalled = false

        /// Waits for the turn. On the event loop.
        func wait() async {
            await withCheckedContinuation { continuation in
                if isCalled { continuation.resume() } else { self.continuation = continuation }
            }
        }

        fileprivate func call() {
            isCalled = true
            continuation?.resume()
            continuation = nil
        }
    }

    /// How much of each window is spent without queueing.
    private static let window: Int64 = 10_000_000
    private static let budget: Int64 = 5_000_000
    /// What a request costs outside of its handler, in nanoseconds.
    private static let overhead: Int64 = 10_000
    /// How many requests one turn lets on, and the pause between turns.
    private static let turn = 16
    private static let pause = TimeAmount.microseconds(300)

    let eventLoop: any EventLoop
    private var begin = NIODeadline.uptimeNanoseconds(0)
    private var spent: Int64 = 0
    private var queues: [(level: PriorityLevel, queue: FairQueue<Place>)] = []
    private var waiting = 0
    private var isScheduled = false

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Whether a limited request may go on at once.
    func hasRoom(at now: NIODeadline) -> Bool {
        if (now - begin).nanoseconds > Self.window {
            begin = now
            spent = 0
        }
        return spent < Self.budget && waiting == 0
    }

    /// Books the time that a request took, and what reading it and sending its answer are going to take.
    func spend(_ time: TimeAmount, _ handling: HTTPHandling) {
        spent += time.nanoseconds + Self.overhead
        if case .now(let response) = handling, case .pieces(let pieces) = response.body {
            // About a nanosecond for a byte that is copied and encrypted.
            spent += Int64(pieces.count)
        }
    }

    /// Takes a place; nil when the flow's queues are full. On the event loop.
    func join(_ level: PriorityLevel, hash: UInt64) -> Place? {
        guard let queuing = level.configuration.queuing else { return nil }
        let index = index(of: level)
        let place = Place()
        guard queues[index].queue.add(place, hash: hash, queuing) else { return nil }
        waiting += 1
        schedule()
        return place
    }

    private func index(of level: PriorityLevel) -> Int {
        if let index = queues.firstIndex(where: { $0.level === level }) { return index }
        queues.append((level, FairQueue()))
        return queues.count - 1
    }

    private func schedule() {
        guard !isScheduled else { return }
        isScheduled = true
        eventLoop.scheduleTask(in: Self.pause) { [weak self] in self?.letOn() }
    }

    /// One turn: each level that has somebody waiting gets its share, more for levels with more seats.
    private func letOn() {
        isScheduled = false
        var left = Self.turn
        while left > 0, waiting > 0 {
            for index in queues.indices where left > 0 {
                for _ in 0..<max(1, queues[index].level.configuration.seats / 100) {
                    guard let next = queues[index].queue.next() else { break }
                    waiting -= 1
                    left -= 1
                    next.call()
                }
            }
        }
        if waiting > 0 { schedule() } else { queues = [] }
    }
}
