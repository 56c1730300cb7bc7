/// A server's answer, checked and ready to be given to any client that asks the same: without its OPT record,
/// and with the places of its TTLs known.
struct UpstreamAnswer: Hashable, Sendable {
    let header: MessageHeader
    /// The message from behind its question on, up to the OPT record. Compression pointers in it count from the
    /// message's beginning, where the client's own spelling of the question goes.
    let body: [UInt8]
    /// How long the question is in the message.
    let questionLength: Int
    /// Where in `body` the TTLs stand, with their values.
    let ttls: [TTL]
    /// How long the answer may be kept, in seconds; zero for not at all.
    let lifetime: UInt32

    struct TTL: Hashable, Sendable {
        var offset: Int
        var value: UInt32
    }

    /// Nothing is believed for longer.
    static let maximumLifetime: UInt32 = 3600
    /// RFC 2308 section 5 allows hours; in a cluster names come into being all the time.
    static let maximumNegativeLifetime: UInt32 = 60

    var code: ResponseCode { header.code }

    /// Checks every record of an answer that `UpstreamQuestion.isAnswered` accepted.
    init(_ message: [UInt8]) throws(MessageError) {
        guard var header = MessageHeader(message) else { throw .truncated("header", offset: 0) }
        var reader = MessageReader(message)
        if header.questions == 1 {
            try reader.skipName()
            try reader.skip(4)
        }
        let start = reader.index
        var end = start
        var ttls: [TTL] = []
        var lifetime = Lifetime()
        let counts = [header.answers, header.authorities, header.additionals].map(Int.init)
        header.additionals = 0
        sections: for (section, count) in counts.enumerated() {
            for _ in 0..<count {
                let frame = try reader.frame()
                // What may follow OPT (signatures of the transaction) is not for the client either.
                if frame.type == .opt, section == 2 { break sections }
                ttls.append(TTL(offset: frame.ttlOffset - start, value: frame.ttl))
                if section == 2 { header.additionals += 1 }
                try lifetime.note(frame, section: section, in: message)
                end = reader.index
            }
        }
        self.header = header
        body = Array(message[start..<end])
        questionLength = start - MessageHeader.length
        self.ttls = ttls
        self.lifetime = lifetime.seconds(header)
    }

    /// The bytes that keeping it costs.
    var cost: Int { body.count + ttls.count * MemoryLayout<TTL>.stride + 128 }

    /// The reply to a client. `age` is how long ago the answer came, in seconds; `ttl`, where given, replaces all.
    func reply(to query: DNSQuery, limit: Int, age: UInt32, ttl: UInt32? = nil) -> [UInt8] {
        guard query.question.count == questionLength else { return query.errorReply(.serverFailure) }
        let size =
            MessageHeader.length + questionLength + body.count + (query.edns == nil ? 0 : EDNS.recordLength)
        var replyHeader = MessageHeader(
            id: query.header.id,
            flags: query.header.flags.intersection([.recursionDesired, .checkingDisabled])
                .union([.response, .recursionAvailable]), code: code)
        replyHeader.questions = 1
        var reply: [UInt8] = []
        reply.reserveCapacity(size)
        reply.append(contentsOf: query.message[..<query.questionEnd])
        if size > limit {
            replyHeader.word |= MessageHeader.Flags.truncated.rawValue
        } else {
            let start = reply.count
            reply.append(contentsOf: body)
            replyHeader.answers = header.answers
            replyHeader.authorities = header.authorities
            replyHeader.additionals = header.additionals
            for place in ttls {
                let value = ttl ?? (place.value > age ? place.value - age : 0)
                reply.replace(at: start + place.offset, with: UInt16(value >> 16))
                reply.replace(at: start + place.offset + 2, with: UInt16(value & 0xffff))
            }
        }
        if let edns = query.edns {
            replyHeader.additionals += 1
            EDNS(wantsSecurityRecords: edns.wantsSecurityRecords).append(to: &reply)
        }
        replyHeader.write(to: &reply)
        return reply
    }

    /// The records of the answer and authority sections, decoded.
    func records(question: WireName) throws(MessageError) -> (
        answers: [ResourceRecord], authorities: [ResourceRecord]
    ) {
        var message = [UInt8](repeating: 0, count: MessageHeader.length)
        message += question.bytes
        message += [0, 0, 0, 0]
        guard message.count == MessageHeader.length + questionLength else {
            throw .badRecord("question", offset: MessageHeader.length)
        }
        var reader = MessageReader(message + body, at: message.count)
        var sections: [[ResourceRecord]] = []
        for count in [header.answers, header.authorities] {
            var records: [ResourceRecord] = []
            for _ in 0..<count { records.append(try reader.record()) }
            sections.append(records)
        }
        return (sections[0], sections[1])
    }
}

/// Finds out for how long an answer holds while its records pass by.
private struct Lifetime {
    private var positive: UInt32 = .max
    private var negative: UInt32?

    mutating func note(_ frame: RecordFrame, section: Int, in message: [UInt8]) throws(MessageError) {
        if section == 0 { positive = min(positive, frame.ttl) }
        guard section == 1, frame.type == .soa, frame.data.count >= 20 else { return }
        var reader = MessageReader(message, at: frame.data.upperBound - 4)
        negative = min(frame.ttl, try reader.doubleWord("SOA record"))
    }

    /// RFC 2308: a denial without SOA is not kept, neither is a failure.
    func seconds(_ header: MessageHeader) -> UInt32 {
        guard !header.flags.contains(.truncated) else { return 0 }
        switch header.code {
        case .noError where header.answers > 0 && negative == nil:
            return min(positive, UpstreamAnswer.maximumLifetime)
        case .noError, .nameError:
            return min(negative ?? 0, positive, UpstreamAnswer.maximumNegativeLifetime)
        default: return 0
        }
    }
}
