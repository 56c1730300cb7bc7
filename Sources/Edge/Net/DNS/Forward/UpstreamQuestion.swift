/// A question for the servers outside, and the key under which its answer is kept.
struct UpstreamQuestion: Hashable, Sendable {
    var name: WireName
    var type: RecordType
    /// DO and CD change what a validating server answers.
    var wantsSecurityRecords = false
    var disablesChecking = false

    init(name: WireName, type: RecordType) {
        self.name = name
        self.type = type
    }

    init(_ query: DNSQuery, name: WireName? = nil) {
        self.name = name ?? query.name
        type = query.type
        wantsSecurityRecords = query.edns?.wantsSecurityRecords ?? false
        disablesChecking = query.header.flags.contains(.checkingDisabled)
    }

    /// The message to send.
    func message(id: UInt16, edns: Bool) -> [UInt8] {
        var flags: MessageHeader.Flags = .recursionDesired
        if disablesChecking { flags.insert(.checkingDisabled) }
        var header = MessageHeader(id: id, flags: flags)
        header.questions = 1
        header.additionals = edns ? 1 : 0
        var message = [UInt8](repeating: 0, count: MessageHeader.length)
        message.append(contentsOf: name.bytes)
        message.append16(type.rawValue)
        message.append16(RecordClass.internet)
        if edns { EDNS(wantsSecurityRecords: wantsSecurityRecords).append(to: &message) }
        header.write(to: &message)
        return message
    }

    /// Whether a message answers this question under this id; one that does not may be forged (RFC 5452).
    func isAnswered(by message: [UInt8], id: UInt16) -> Bool {
        guard let header = MessageHeader(message), header.id == id, header.flags.contains(.response),
            header.opcode == 0
        else { return false }
        var reader = MessageReader(message)
        do throws(MessageError) {
            // Some servers leave the question out when they refuse to look at it.
            if header.questions == 0 { return header.code == .formatError && message.count == 12 }
            guard header.questions == 1 else { return false }
            let answered = try reader.name(allowsPointers: false)
            guard answered == name else { return false }
            let asked = try reader.word()
            let recordClass = try reader.word()
            return asked == type.rawValue && recordClass == RecordClass.internet
        } catch {
            return false
        }
    }
}
