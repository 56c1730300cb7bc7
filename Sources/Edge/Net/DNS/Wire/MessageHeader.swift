/// The twelve bytes in front of every message, RFC 1035 section 4.1.1.
struct MessageHeader: Hashable, Sendable {
    static let length = 12

    /// The flag bits of the second word.
    struct Flags: OptionSet, Hashable, Sendable {
        let rawValue: UInt16
        static let response = Self(rawValue: 0x8000)
        static let authoritative = Self(rawValue: 0x0400)
        static let truncated = Self(rawValue: 0x0200)
        static let recursionDesired = Self(rawValue: 0x0100)
        static let recursionAvailable = Self(rawValue: 0x0080)
        static let authenticData = Self(rawValue: 0x0020)
        static let checkingDisabled = Self(rawValue: 0x0010)
    }

    var id: UInt16
    /// The whole second word: flags, opcode and response code.
    var word: UInt16
    var questions: UInt16 = 0
    var answers: UInt16 = 0
    var authorities: UInt16 = 0
    var additionals: UInt16 = 0

    var flags: Flags { Flags(rawValue: word & 0x87b0) }
    var opcode: UInt16 { word >> 11 & 0xf }
    var code: ResponseCode { ResponseCode(rawValue: word & 0xf) }

    init(id: UInt16, flags: Flags, opcode: UInt16 = 0, code: ResponseCode = .noError) {
        self.id = id
        word = flags.rawValue | opcode << 11 | code.rawValue & 0xf
    }

    /// Nil for a message that is shorter.
    init?(_ message: [UInt8]) {
        guard message.count >= Self.length else { return nil }
        func word(_ index: Int) -> UInt16 { UInt16(message[index]) << 8 | UInt16(message[index + 1]) }
        id = word(0)
        self.word = word(2)
        questions = word(4)
        answers = word(6)
        authorities = word(8)
        additionals = word(10)
    }

    /// Writes the header over the first bytes of a message.
    func write(to message: inout [UInt8]) {
        for (index, word) in [id, word, questions, answers, authorities, additionals].enumerated() {
            message.replace(at: index * 2, with: word)
        }
    }
}

extension [UInt8] {
    /// Appends a number of 16 bits in network order.
    mutating func append16(_ word: UInt16) {
        append(UInt8(word >> 8))
        append(UInt8(word & 0xff))
    }

    /// Appends a number of 32 bits in network order.
    mutating func append32(_ word: UInt32) {
        append16(UInt16(word >> 16))
        append16(UInt16(word & 0xffff))
    }

    /// Writes a word over two bytes that are there.
    mutating func replace(at index: Int, with word: UInt16) {
        self[index] = UInt8(word >> 8)
        self[index + 1] = UInt8(word & 0xff)
    }
}
