internal import NIOCore

/// Answers of the servers outside, least recently used ones out first when entries or bytes are too many.
struct AnswerCache {
    /// How long past its end an answer may still serve while no server can be reached (RFC 8767).
    static let staleTime = TimeAmount.hours(1)

    struct Hit: Sendable {
        var answer: UpstreamAnswer
        /// Seconds since the answer came.
        var age: UInt32
        var isStale: Bool
        /// Whether servers were found unreachable so recently that asking again is put off.
        var isHeldBack: Bool
    }

    private struct Entry {
        var question: UpstreamQuestion
        var answer: UpstreamAnswer
        var arrival: NIODeadline
        var retry: NIODeadline?
        var newer: Int?
        var older: Int?

        var end: NIODeadline { arrival + .seconds(Int64(answer.lifetime)) }
    }

    private let maximumEntries: Int
    private let maximumBytes: Int
    private var places: [UpstreamQuestion: Int] = [:]
    private var entries: [Entry?] = []
    private var free: [Int] = []
    private var newest: Int?
    private var oldest: Int?
    private(set) var bytes = 0

    init(maximumEntries: Int, maximumBytes: Int) {
        self.maximumEntries = maximumEntries
        self.maximumBytes = maximumBytes
    }

    var count: Int { places.count }

    /// The answer to a question, also one past its end within the stale time.
    mutating func find(_ question: UpstreamQuestion, now: NIODeadline) -> Hit? {
        guard let place = places[question], let entry = entries[place] else { return nil }
        guard now < entry.end + Self.staleTime else {
            remove(place)
            return nil
        }
        if newest != place {
            unlink(place)
            link(place)
        }
        let age = max(0, (now - entry.arrival).nanoseconds / 1_000_000_000)
        return Hit(
            answer: entry.answer, age: UInt32(clamping: age), isStale: now >= entry.end,
            isHeldBack: entry.retry.map { now < $0 } ?? false)
    }

    /// Keeps an answer that may be kept.
    mutating func insert(_ answer: UpstreamAnswer, for question: UpstreamQuestion, now: NIODeadline) {
        if let place = places[question] { remove(place) }
        guard answer.lifetime > 0, cost(question, answer) <= maximumBytes / 4 else { return }
        let entry = Entry(question: question, answer: answer, arrival: now)
        let place: Int
        if let last = free.popLast() {
            place = last
            entries[place] = entry
        } else {
            place = entries.count
            entries.append(entry)
        }
        places[question] = place
        bytes += cost(question, answer)
        link(place)
        while places.count > maximumEntries || bytes > maximumBytes, let oldest { remove(oldest) }
    }

    /// No server answered: a stale answer serves until `time` without asking again.
    mutating func holdBack(_ question: UpstreamQuestion, until time: NIODeadline) {
        if let place = places[question] { entries[place]?.retry = time }
    }

    private func cost(_ question: UpstreamQuestion, _ answer: UpstreamAnswer) -> Int {
        question.name.bytes.count + answer.cost
    }

    private mutating func remove(_ place: Int) {
        guard let entry = entries[place] else { return }
        unlink(place)
        places[entry.question] = nil
        bytes -= cost(entry.question, entry.answer)
        entries[place] = nil
        free.append(place)
    }

    private mutating func link(_ place: Int) {
        entries[place]?.older = newest
        entries[place]?.newer = nil
        if let newest { entries[newest]?.newer = place }
        newest = place
        if oldest == nil { oldest = place }
    }

    private mutating func unlink(_ place: Int) {
        guard let entry = entries[place] else { return }
        if let newer = entry.newer { entries[newer]?.older = entry.older } else { newest = entry.older }
        if let older = entry.older { entries[older]?.newer = entry.newer } else { oldest = entry.newer }
    }
}
