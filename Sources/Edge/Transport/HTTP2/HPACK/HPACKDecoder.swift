/// Reads header blocks (RFC 7541). An error is one of the connection: both sides' tables differ from then on.
struct HPACKDecoder {
    private var table = HPACKTable()

    mutating func decode(
        _ block: Span<UInt8>, into fields: inout HTTP2FieldCollector
    ) throws(HTTP2Failure) {
        var index = 0
        var isFirst = true
        while index < block.count {
            let byte = block[index]
            let start = fields.bytes.count
            if byte & 0x80 != 0 {
                let entry = try entry(try Self.integer(block, &index, prefix: 7))
                fields.bytes.append(contentsOf: entry.bytes)
                fields.end(from: start, nameLength: entry.nameLength)
            } else if byte & 0xe0 == 0x20 {
                let size = try Self.integer(block, &index, prefix: 5)
                guard isFirst, table.setLimit(size) else { throw Self.failure("bad table size") }
                continue
            } else {
                let isKept = byte & 0xc0 == 0x40
                let name = try Self.integer(block, &index, prefix: isKept ? 6 : 4)
                if name == 0 {
                    try Self.string(block, &index, into: &fields.bytes)
                } else {
                    let entry = try entry(name)
                    fields.bytes.append(contentsOf: entry.bytes[..<entry.nameLength])
                }
                let nameLength = fields.bytes.count - start
                try Self.string(block, &index, into: &fields.bytes)
                if isKept {
                    table.insert(HPACKEntry(bytes: Array(fields.bytes[start...]), nameLength: nameLength))
                }
                fields.end(from: start, nameLength: nameLength)
            }
            isFirst = false
        }
    }

    private func entry(_ index: Int) throws(HTTP2Failure) -> HPACKEntry {
        guard let entry = table.entry(index) else { throw Self.failure("no such index") }
        return entry
    }

    /// RFC 7541 section 5.1; more than 28 bits are refused.
    static func integer(
        _ block: Span<UInt8>, _ index: inout Int, prefix: UInt8
    ) throws(HTTP2Failure) -> Int {
        let mask = 0xff >> (8 - prefix)
        var value = Int(block[index]) & mask
        index += 1
        guard value == mask else { return value }
        var shift = 0
        while true {
            guard index < block.count, shift <= 21 else { throw failure("bad integer") }
            let byte = Int(block[index])
            index += 1
            value += (byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
    }

    private static func string(
        _ block: Span<UInt8>, _ index: inout Int, into output: inout [UInt8]
    ) throws(HTTP2Failure) {
        guard index < block.count else { throw failure("no string") }
        let isCoded = block[index] & 0x80 != 0
        let length = try integer(block, &index, prefix: 7)
        guard length <= block.count - index else { throw failure("string longer than its block") }
        let range = index..<(index + length)
        index += length
        if isCoded {
            guard HPACKHuffman.decode(block, range, into: &output) else { throw failure("bad Huffman code") }
        } else {
            output.reserveCapacity(output.count + length)
            for position in range { output.append(block[position]) }
        }
    }

    private static func failure(_ text: String) -> HTTP2Failure {
        HTTP2Failure(.compressionError, "malformed header block: \(text)")
    }
}
