internal import EdgeBase

/// Writes the reply to a query within a size: names are compressed, records that do not fit are left out, and
/// one left out of the answer or authority section sets TC (RFC 2181 section 9).
struct ReplyWriter {
    enum Section { case answer, authority, additional }

    private var bytes: [UInt8]
    private var header: MessageHeader
    private let limit: Int
    private let edns: EDNS?
    private var names: NameTable

    /// `limit` counts the whole message.
    init(to query: DNSQuery, limit: Int) {
        edns = query.edns
        self.limit = limit - (edns == nil ? 0 : EDNS.recordLength)
        header = MessageHeader(
            id: query.header.id,
            flags: query.header.flags.intersection([.recursionDesired, .checkingDisabled])
                .union([.response, .recursionAvailable]))
        header.questions = 1
        bytes = []
        bytes.reserveCapacity(256)
        bytes.append(contentsOf: query.message[..<query.questionEnd])
        names = NameTable(question: query.name)
    }

    /// Adds a record; false when it was left out for lack of room.
    @discardableResult
    mutating func add(
        _ section: Section, _ name: WireName, _ type: RecordType, ttl: UInt32, _ data: RecordData,
        recordClass: UInt16 = RecordClass.internet
    ) -> Bool {
        guard !header.flags.contains(.truncated) else { return false }
        let start = bytes.count
        let mark = names.mark
        names.append(name, to: &bytes)
        bytes.append16(type.rawValue)
        bytes.append16(recordClass)
        bytes.append32(ttl)
        let lengthOffset = bytes.count
        bytes.append16(0)
        append(data)
        let length = bytes.count - lengthOffset - 2
        guard bytes.count <= limit, length <= Int(UInt16.max) else {
            bytes.removeSubrange(start...)
            names.rollBack(to: mark)
            if section != .additional { header.word |= MessageHeader.Flags.truncated.rawValue }
            return false
        }
        bytes.replace(at: lengthOffset, with: UInt16(length))
        switch section {
        case .answer: header.answers += 1
        case .authority: header.authorities += 1
        case .additional: header.additionals += 1
        }
        return true
    }

    private mutating func append(_ data: RecordData) {
        switch data {
        case .address(.v4(let address)): bytes.append32(address.value)
        case .address(.v6(let address)):
            for half in [address.high, address.low] {
                bytes.append32(UInt32(half >> 32))
                bytes.append32(UInt32(half & 0xffff_ffff))
            }
        case .name(let name): names.append(name, to: &bytes)
        case .service(let location):
            bytes.append16(location.priority)
            bytes.append16(location.weight)
            bytes.append16(location.port)
            names.appendWhole(location.target, to: &bytes)
        case .text(let text):
            let content = text.utf8.prefix(255)
            bytes.append(UInt8(content.count))
            bytes.append(contentsOf: content)
        case .authority(let soa):
            names.append(soa.server, to: &bytes)
            names.append(soa.mailbox, to: &bytes)
            for number in [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum] {
                bytes.append32(number)
            }
        case .raw(let raw): bytes.append(contentsOf: raw)
        }
    }

    /// The finished message.
    consuming func finish(_ code: ResponseCode, authoritative: Bool) -> [UInt8] {
        if authoritative { header.word |= MessageHeader.Flags.authoritative.rawValue }
        header.word |= code.rawValue & 0xf
        if let edns {
            header.additionals += 1
            EDNS(wantsSecurityRecords: edns.wantsSecurityRecords).append(to: &bytes, code: code)
        }
        header.write(to: &bytes)
        return bytes
    }
}
