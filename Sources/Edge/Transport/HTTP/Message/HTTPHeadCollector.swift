internal import NIOCore

/// Cuts message heads out of a stream of bytes: everything up to and including the empty line.
struct HTTPHeadCollector {
    /// The most bytes a head may have.
    let limit: Int
    /// How many bytes behind the reader index are known not to end a head.
    private var scanned = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// The bytes of the next head, or nil when more must arrive.
    mutating func next(from buffer: inout ByteBuffer) throws(HTTPSyntaxError) -> [UInt8]? {
        if scanned == 0 { skipEmptyLines(&buffer) }
        guard let length = endOfHead(in: buffer) else {
            guard buffer.readableBytes <= limit else {
                throw HTTPSyntaxError("message head is longer than \(limit) bytes", status: 431)
            }
            scanned = max(0, buffer.readableBytes - 3)
            return nil
        }
        scanned = 0
        guard length <= limit else {
            throw HTTPSyntaxError("message head is longer than \(limit) bytes", status: 431)
        }
        return buffer.readBytes(length: length)
    }

    /// RFC 9112 section 2.2: an empty line in front of a request line is ignored.
    private func skipEmptyLines(_ buffer: inout ByteBuffer) {
        while let pair = buffer.getInteger(at: buffer.readerIndex, as: UInt16.self), pair == 0x0d0a {
            buffer.moveReaderIndex(forwardBy: 2)
        }
    }

    private func endOfHead(in buffer: ByteBuffer) -> Int? {
        let span = buffer.readableBytesUInt8Span
        var index = scanned + 3
        // Steps as far as the byte at hand allows: most bytes are looked at not at all.
        while index < span.count {
            switch span[index] {
            case 0x0a:
                if span[index - 1] == 0x0d, span[index - 2] == 0x0a, span[index - 3] == 0x0d {
                    return index + 1
                }
                index += 2
            case 0x0d: index += 1
            default: index += 4
            }
        }
        return nil
    }
}
