/// A question that a client asked, with what the reply needs of the message it came in.
struct DNSQuery: Sendable {
    /// What to do with bytes that arrived.
    enum Outcome: Sendable {
        case query(DNSQuery)
        /// Answer with the error alone.
        case refuse([UInt8], ResponseCode)
        /// No query: answering could make two servers answer each other without end.
        case ignore
    }

    let message: [UInt8]
    let header: MessageHeader
    /// Where the question ends in the message; it begins behind the header and holds no pointers.
    let questionEnd: Int
    let name: WireName
    let type: RecordType
    let edns: EDNS?

    /// The question as it came, in the client's letter case.
    var question: ArraySlice<UInt8> { message[MessageHeader.length..<questionEnd] }

    /// How large a reply over UDP may be.
    var datagramLimit: Int {
        guard let edns else { return 512 }
        return Int(min(max(edns.payloadSize, 512), EDNS.payloadSize))
    }

    static func parse(_ message: [UInt8]) -> Outcome {
        guard let header = MessageHeader(message), !header.flags.contains(.response) else { return .ignore }
        func refuse(_ code: ResponseCode, end: Int = MessageHeader.length, edns: EDNS? = nil) -> Outcome {
            .refuse(errorReply(to: message, header, questionEnd: end, code: code, edns: edns), code)
        }
        guard header.opcode == 0 else { return refuse(.notImplemented) }
        guard header.questions == 1 else { return refuse(.formatError) }
        var reader = MessageReader(message)
        do throws(MessageError) {
            let name = try reader.name(allowsPointers: false)
            let type = RecordType(rawValue: try reader.word("question"))
            let recordClass = try reader.word("question")
            let end = reader.index
            let edns = try edns(header, &reader)
            if let edns, edns.version != 0 { return refuse(.badVersion, end: end, edns: EDNS()) }
            guard recordClass == RecordClass.internet || recordClass == RecordClass.any else {
                return refuse(.refused, end: end, edns: edns)
            }
            guard type != .axfr, type != .ixfr, type != .opt else {
                return refuse(.notImplemented, end: end, edns: edns)
            }
            return .query(
                DNSQuery(
                    message: message, header: header, questionEnd: end, name: name, type: type, edns: edns))
        } catch {
            return refuse(.formatError)
        }
    }

    /// Finds the OPT record; a second one is an error (RFC 6891 section 6.1.1).
    private static func edns(
        _ header: MessageHeader, _ reader: inout MessageReader
    ) throws(MessageError) -> EDNS? {
        var edns: EDNS?
        let others = Int(header.answers) + Int(header.authorities)
        for index in 0..<others + Int(header.additionals) {
            let start = reader.index
            let frame = try reader.frame()
            guard index >= others, frame.type == .opt else { continue }
            guard edns == nil, reader.message[start] == 0 else {
                throw .badRecord("OPT record", offset: start)
            }
            var ttl = MessageReader(reader.message, at: frame.ttlOffset)
            edns = EDNS(frame, rawTTL: try ttl.doubleWord())
        }
        return edns
    }

    /// A reply of nothing but the header, the question up to `questionEnd` and a code.
    static func errorReply(
        to message: [UInt8], _ header: MessageHeader, questionEnd: Int, code: ResponseCode, edns: EDNS?
    ) -> [UInt8] {
        var reply = Array(message[..<questionEnd])
        var replyHeader = MessageHeader(
            id: header.id,
            flags: header.flags.intersection([.recursionDesired, .checkingDisabled])
                .union([.response, .recursionAvailable]),
            opcode: header.opcode, code: code)
        replyHeader.questions = questionEnd > MessageHeader.length ? 1 : 0
        if edns != nil {
            replyHeader.additionals = 1
            EDNS(wantsSecurityRecords: edns?.wantsSecurityRecords ?? false).append(to: &reply, code: code)
        }
        replyHeader.write(to: &reply)
        return reply
    }

    func errorReply(_ code: ResponseCode) -> [UInt8] {
        Self.errorReply(to: message, header, questionEnd: questionEnd, code: code, edns: edns)
    }
}
