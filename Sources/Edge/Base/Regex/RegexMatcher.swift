/// Runs a program over a text with all its threads in step (Pike's machine): the work per character is at
/// most one visit of each instruction.
struct RegexMatcher {
    /// The threads of one place of the text, in the order of their preference, each instruction once.
    private struct ThreadList {
        var places: [Int32]
        var starts: [Int]
        /// For each instruction, where it stands in `places`, if it does.
        private var slots: [Int32]

        init(capacity: Int) {
            places = []
            places.reserveCapacity(capacity)
            starts = []
            starts.reserveCapacity(capacity)
            slots = [Int32](repeating: 0, count: capacity)
        }

        @inline(__always)
        mutating func insert(_ place: Int, start: Int) -> Bool {
            let slot = Int(slots[place])
            if slot < places.count, places[slot] == Int32(truncatingIfNeeded: place) { return false }
            slots[place] = Int32(truncatingIfNeeded: places.count)
            places.append(Int32(truncatingIfNeeded: place))
            starts.append(start)
            return true
        }

        @inline(__always)
        mutating func removeAll() {
            places.removeAll(keepingCapacity: true)
            starts.removeAll(keepingCapacity: true)
        }
    }

    private let program: RegexProgram
    private let bytes: UnsafeBufferPointer<UInt8>
    private var current: ThreadList
    private var next: ThreadList
    private var pending: [Int] = []

    init(_ program: RegexProgram, _ bytes: UnsafeBufferPointer<UInt8>) {
        self.program = program
        self.bytes = bytes
        current = ThreadList(capacity: program.instructions.count)
        next = ThreadList(capacity: program.instructions.count)
    }

    mutating func matches() -> Bool { run(from: 0, stopsAtFirst: true) != nil }

    mutating func firstMatch(from offset: Int) -> Range<Int>? { run(from: offset, stopsAtFirst: false) }

    private mutating func run(from begin: Int, stopsAtFirst: Bool) -> Range<Int>? {
        current.removeAll()
        var found: Range<Int>?
        var offset = begin
        while true {
            if found == nil, !program.isAnchored || offset == 0 { addThread(0, at: offset, start: offset) }
            if current.places.isEmpty, found != nil || program.isAnchored { return found }
            let isAtEnd = offset == bytes.count
            let (scalar, length) = isAtEnd ? (0, 0) : RegexScalar.decode(bytes, at: offset)
            next.removeAll()
            swap(&current, &next)
            // `next` now holds the threads of this place, `current` collects those of the following one.
            var index = 0
            while index < next.places.count {
                let place = Int(next.places[index])
                let start = next.starts[index]
                index += 1
                if case .match = program.instructions[place] {
                    found = start..<offset
                    if stopsAtFirst { return found }
                    // Threads of less preference are given up.
                    break
                }
                if !isAtEnd, consumes(place, scalar) {
                    addThread(place + 1, at: offset + length, start: start)
                }
            }
            if isAtEnd { return found }
            offset += length
        }
    }

    @inline(__always)
    private func consumes(_ place: Int, _ scalar: UInt32) -> Bool {
        switch program.instructions[place] {
        case .scalar(let wanted): wanted == scalar
        case .set(let set): program.sets[set].contains(scalar)
        case .anyExceptNewline: scalar != 0x0a
        case .any: true
        default: false
        }
    }

    /// Follows jumps and conditions from an instruction to those that take a character.
    private mutating func addThread(_ place: Int, at offset: Int, start: Int) {
        pending.append(place)
        while let place = pending.popLast() {
            guard current.insert(place, start: start) else { continue }
            switch program.instructions[place] {
            case .jump(let target): pending.append(target)
            case .split(let first, let second):
                pending.append(second)
                pending.append(first)
            case .assertion(let assertion):
                if holds(assertion, at: offset) { pending.append(place + 1) }
            default: break
            }
        }
    }

    private func holds(_ assertion: RegexAssertion, at offset: Int) -> Bool {
        switch assertion {
        case .beginOfText: return offset == 0
        case .endOfText: return offset == bytes.count
        case .beginOfLine: return offset == 0 || bytes[offset - 1] == 0x0a
        case .endOfLine: return offset == bytes.count || bytes[offset] == 0x0a
        case .wordBoundary, .notWordBoundary:
            let before = offset > 0 && RegexScalar.isWord(UInt32(bytes[offset - 1]))
            let after = offset < bytes.count && RegexScalar.isWord(UInt32(bytes[offset]))
            return (before != after) == (assertion == .wordBoundary)
        }
    }
}
