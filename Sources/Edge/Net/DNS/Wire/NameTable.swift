/// Where in a message under construction names stand, so that later ones can point to their common ends
/// (RFC 1035 section 4.1.4).
struct NameTable {
    /// Enough for any useful gain, and keeps writing linear.
    private static let capacity = 48

    /// Where a suffix stands, and its length when written whole.
    private struct Entry {
        var offset: UInt16
        var length: UInt8
    }

    private var entries: [Entry] = []
    private let question: WireName

    /// The question's name stands behind the header.
    init(question: WireName) {
        self.question = question
        entries.reserveCapacity(12)
        record(question, at: MessageHeader.length, upTo: question.bytes.count - 1)
    }

    var mark: Int { entries.count }

    mutating func rollBack(to mark: Int) {
        entries.removeSubrange(mark...)
    }

    /// Appends a name in the fewest bytes.
    mutating func append(_ name: WireName, to message: inout [UInt8]) {
        if name == question, name != .root {
            message.append16(0xc000 | UInt16(MessageHeader.length))
            return
        }
        let start = message.count
        var place = 0
        while name.bytes[place] != 0 {
            if let offset = find(name.bytes[place...], in: message) {
                record(name, at: start, upTo: place)
                message.append16(0xc000 | offset)
                return
            }
            let end = place + 1 + Int(name.bytes[place])
            message.append(contentsOf: name.bytes[place..<end])
            place = end
        }
        record(name, at: start, upTo: place)
        message.append(0)
    }

    /// Appends a name without pointers in it; later names may point to it.
    mutating func appendWhole(_ name: WireName, to message: inout [UInt8]) {
        record(name, at: message.count, upTo: name.bytes.count - 1)
        message.append(contentsOf: name.bytes)
    }

    /// Notes the suffixes of a name that begin before `end` in it.
    private mutating func record(_ name: WireName, at start: Int, upTo end: Int) {
        var place = 0
        while place < end, entries.count < Self.capacity, start + place < 0x4000 {
            entries.append(
                Entry(offset: UInt16(start + place), length: UInt8(name.bytes.count - place)))
            place += Int(name.bytes[place]) + 1
        }
    }

    private func find(_ suffix: ArraySlice<UInt8>, in message: [UInt8]) -> UInt16? {
        for entry in entries where Int(entry.length) == suffix.count {
            if Self.matches(suffix, message, at: Int(entry.offset)) { return entry.offset }
        }
        return nil
    }

    /// Compares with a name that this table wrote; the question may be in any letter case.
    private static func matches(_ suffix: ArraySlice<UInt8>, _ message: [UInt8], at offset: Int) -> Bool {
        var place = offset
        var index = suffix.startIndex
        while true {
            while message[place] >= 0xc0 {
                place = Int(message[place] & 0x3f) << 8 | Int(message[place + 1])
            }
            let count = Int(message[place])
            guard suffix[index] == message[place] else { return false }
            if count == 0 { return true }
            for step in 1...count
            where suffix[index + step] != message[place + step].asciiLowercased {
                return false
            }
            place += count + 1
            index += count + 1
        }
    }
}
