import EdgeBase

@testable import EdgeDNS

/// A reply taken apart for expectations.
struct Reply {
    let header: MessageHeader
    let answers: [ResourceRecord]
    let authorities: [ResourceRecord]
    /// Without the OPT record.
    let additionals: [ResourceRecord]
    let hasEDNS: Bool
    let size: Int

    init(_ bytes: [UInt8]) throws {
        guard let header = MessageHeader(bytes) else { throw MessageError.truncated("header", offset: 0) }
        var reader = MessageReader(bytes)
        for _ in 0..<header.questions {
            try reader.skipName()
            try reader.skip(4)
        }
        var sections: [[ResourceRecord]] = []
        for count in [header.answers, header.authorities, header.additionals] {
            var records: [ResourceRecord] = []
            for _ in 0..<count { records.append(try reader.record()) }
            sections.append(records)
        }
        self.header = header
        answers = sections[0]
        authorities = sections[1]
        additionals = sections[2].filter { $0.type != .opt }
        hasEDNS = sections[2].contains { $0.type == .opt }
        size = bytes.count
    }

    var isTruncated: Bool { header.flags.contains(.truncated) }

    /// `A 10.43.0.1`, `SRV 0 100 443 web.default.svc.cluster.local.` and so on.
    var texts: [String] { answers.map(Self.text) }

    static func text(_ record: ResourceRecord) -> String {
        switch record.data {
        case .address(let address): "\(address.isIPv4 ? "A" : "AAAA") \(address)"
        case .name(let name): "\(record.type == .cname ? "CNAME" : record.type == .ns ? "NS" : "PTR") \(name)"
        case .service(let location):
            "SRV \(location.priority) \(location.weight) \(location.port) \(location.target)"
        case .text(let text): "TXT \(text)"
        case .authority(let soa): "SOA \(soa.server) \(soa.minimum)"
        case .raw(let bytes):
            record.type == .txt ? "TXT " + String(decoding: bytes.dropFirst(), as: UTF8.self) : "\(bytes)"
        }
    }
}

/// The message of a query as a client would send it, its letters kept.
func query(
    _ name: String, _ type: RecordType, id: UInt16 = 0x1234, edns: UInt16? = nil
) -> [UInt8] {
    var header = MessageHeader(id: id, flags: .recursionDesired)
    header.questions = 1
    header.additionals = edns == nil ? 0 : 1
    var message = [UInt8](repeating: 0, count: 12)
    for label in name.utf8.split(separator: UInt8(ascii: ".")) {
        message.append(UInt8(label.count))
        message += label
    }
    message.append(0)
    message.append16(type.rawValue)
    message.append16(RecordClass.internet)
    if let edns { EDNS(payloadSize: edns).append(to: &message) }
    header.write(to: &message)
    return message
}

/// The query as the server reads it.
func parsed(_ message: [UInt8]) throws -> DNSQuery {
    guard case .query(let query) = DNSQuery.parse(message) else {
        throw MessageError.badRecord("query", offset: 0)
    }
    return query
}
