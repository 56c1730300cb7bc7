/// Reads a message from front to back. Every length and pointer is checked, so any bytes may be given to it.
struct MessageReader {
    let message: [UInt8]
    private(set) var index: Int

    init(_ message: [UInt8], at index: Int = MessageHeader.length) {
        self.message = message
        self.index = index
    }

    var isAtEnd: Bool { index >= message.count }

    mutating func word(_ part: @autoclosure () -> String = "integer") throws(MessageError) -> UInt16 {
        guard index + 2 <= message.count else { throw .truncated(part(), offset: index) }
        defer { index += 2 }
        return UInt16(message[index]) << 8 | UInt16(message[index + 1])
    }

    mutating func doubleWord(_ part: @autoclosure () -> String = "integer") throws(MessageError) -> UInt32 {
        let high = try word(part())
        return UInt32(high) << 16 | UInt32(try word(part()))
    }

    mutating func bytes(_ count: Int) throws(MessageError) -> ArraySlice<UInt8> {
        guard count <= message.count - index else { throw .truncated("data", offset: index) }
        defer { index += count }
        return message[index..<index + count]
    }

    mutating func skip(_ count: Int) throws(MessageError) {
        _ = try bytes(count)
    }

    /// Reads a name, following compression pointers (RFC 1035 section 4.1.4), into lower case.
    mutating func name(allowsPointers: Bool = true) throws(MessageError) -> WireName {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64)
        index = try walkName(allowsPointers: allowsPointers) { label in
            bytes.append(UInt8(label.count))
            for byte in label { bytes.append(byte.asciiLowercased) }
        }
        bytes.append(0)
        return WireName(lowercasedBytes: bytes)
    }

    mutating func skipName() throws(MessageError) {
        index = try walkName(allowsPointers: true) { _ in }
    }

    /// Gives each label to `visit` and returns where the name ends in the message. A pointer must lead to
    /// before everything read for this name, therefore it cannot loop.
    private func walkName(
        allowsPointers: Bool, _ visit: (ArraySlice<UInt8>) -> Void
    ) throws(MessageError) -> Int {
        var place = index
        var lowest = index
        var end: Int?
        var length = 1
        while true {
            guard place < message.count else { throw .truncated("name", offset: place) }
            let count = Int(message[place])
            switch count {
            case 0:
                return end ?? place + 1
            case 1...WireName.maximumLabelLength:
                guard place + 1 + count <= message.count else { throw .truncated("name", offset: place) }
                length += count + 1
                guard length <= WireName.maximumLength else { throw .nameTooLong(offset: index) }
                visit(message[place + 1..<place + 1 + count])
                place += count + 1
            case 0xc0...0xff:
                guard allowsPointers else { throw .badLabel(offset: place) }
                guard place + 1 < message.count else { throw .truncated("name", offset: place) }
                let target = (count & 0x3f) << 8 | Int(message[place + 1])
                guard target < lowest, target >= MessageHeader.length else { throw .badLabel(offset: place) }
                if end == nil { end = place + 2 }
                lowest = target
                place = target
            default:
                throw .badLabel(offset: place)
            }
        }
    }
}
