internal import EdgeBase

/// A record as read from a message, its data free of compression.
struct ResourceRecord: Hashable, Sendable {
    var name: WireName
    var type: RecordType
    var recordClass: UInt16
    /// Seconds.
    var ttl: UInt32
    var data: RecordData
}

/// The fixed part of a record and where its data lies, for walking over records without decoding them.
struct RecordFrame {
    var type: RecordType
    var recordClass: UInt16
    var ttl: UInt32
    var ttlOffset: Int
    var data: Range<Int>
}

extension MessageReader {
    /// Steps over a record.
    mutating func frame() throws(MessageError) -> RecordFrame {
        try skipName()
        return try frameBehindName()
    }

    private mutating func frameBehindName() throws(MessageError) -> RecordFrame {
        let type = RecordType(rawValue: try word("record"))
        let recordClass = try word("record")
        let ttlOffset = index
        let ttl = try doubleWord("record")
        let count = Int(try word("record"))
        let start = index
        try skip(count)
        // RFC 2181 section 8: the top bit set means zero.
        return RecordFrame(
            type: type, recordClass: recordClass, ttl: ttl > UInt32(Int32.max) ? 0 : ttl,
            ttlOffset: ttlOffset,
            data: start..<index)
    }

    /// Reads a record. Names within the data are expanded for the types of RFC 1035 that may have them
    /// compressed; data of other types holds none (RFC 3597 section 4).
    mutating func record() throws(MessageError) -> ResourceRecord {
        let name = try name()
        let frame = try frameBehindName()
        return ResourceRecord(
            name: name, type: frame.type, recordClass: frame.recordClass, ttl: frame.ttl,
            data: try data(of: frame))
    }

    private func data(of frame: RecordFrame) throws(MessageError) -> RecordData {
        var reader = MessageReader(message, at: frame.data.lowerBound)
        let data: RecordData
        switch frame.type {
        case .a, .aaaa:
            guard frame.data.count == (frame.type == .a ? 4 : 16),
                let address = IPAddress(bytes: try reader.bytes(frame.data.count))
            else { throw .badRecord("address", offset: frame.data.lowerBound) }
            data = .address(address)
        case .cname, .ns, .ptr:
            data = .name(try reader.name())
        case .mx:
            let preference = try reader.bytes(2)
            data = .raw(Array(preference) + (try reader.name()).bytes)
        case .srv:
            data = .service(
                ServiceLocation(
                    priority: try reader.word(), weight: try reader.word(), port: try reader.word(),
                    target: try reader.name()))
        case .soa:
            data = .authority(
                ZoneAuthority(
                    server: try reader.name(), mailbox: try reader.name(), serial: try reader.doubleWord(),
                    refresh: try reader.doubleWord(), retry: try reader.doubleWord(),
                    expire: try reader.doubleWord(), minimum: try reader.doubleWord()))
        default:
            data = .raw(Array(try reader.bytes(frame.data.count)))
        }
        guard reader.index == frame.data.upperBound else {
            throw .badRecord("record data length", offset: frame.data.lowerBound)
        }
        return data
    }
}
