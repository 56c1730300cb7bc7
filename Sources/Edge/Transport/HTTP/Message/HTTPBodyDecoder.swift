internal import NIOCore

/// Takes the body of one message out of a stream of bytes.
struct HTTPBodyDecoder {
    enum Part: Equatable {
        /// Bytes of the body.
        case data(ByteBuffer)
        /// More bytes must arrive.
        case needMore
        /// The body is complete; what follows in the buffer belongs to the next message.
        case end
    }

    private enum State {
        case length(Int)
        case untilClose
        case chunkSize
        case chunkData(Int)
        case chunkEnd
        case trailers(Int)
        case done
    }

    /// The longest line with a chunk's size and extensions.
    private static let maximumSizeLine = 256
    private static let maximumTrailers = 8192

    private var state: State

    init(_ framing: HTTPBodyFraming) {
        state =
            switch framing {
            case .none: .done
            case .length(let length): length > 0 ? .length(length) : .done
            case .chunked: .chunkSize
            case .untilClose: .untilClose
            }
    }

    /// Whether the end of the stream is an orderly end of the body.
    var mayEndHere: Bool {
        switch state {
        case .untilClose, .done: true
        default: false
        }
    }

    mutating func next(from buffer: inout ByteBuffer) throws(HTTPSyntaxError) -> Part {
        while true {
            switch state {
            case .done: return .end
            case .untilClose:
                guard let data = buffer.readSlice(length: buffer.readableBytes), data.readableBytes > 0 else {
                    return .needMore
                }
                return .data(data)
            case .length(let left):
                guard let data = take(left, from: &buffer) else { return .needMore }
                state = left == data.readableBytes ? .done : .length(left - data.readableBytes)
                return .data(data)
            case .chunkData(let left):
                guard let data = take(left, from: &buffer) else { return .needMore }
                state = left == data.readableBytes ? .chunkEnd : .chunkData(left - data.readableBytes)
                return .data(data)
            case .chunkSize:
                guard let line = try line(from: &buffer, limit: Self.maximumSizeLine) else {
                    return .needMore
                }
                let size = try Self.size(line)
                state = size == 0 ? .trailers(0) : .chunkData(size)
            case .chunkEnd:
                guard let end: UInt16 = buffer.readInteger() else { return .needMore }
                guard end == 0x0d0a else { throw HTTPSyntaxError("malformed chunked body: no line end") }
                state = .chunkSize
            case .trailers(let seen):
                guard let line = try line(from: &buffer, limit: Self.maximumTrailers) else {
                    return .needMore
                }
                guard seen + line.count <= Self.maximumTrailers else {
                    throw HTTPSyntaxError("trailer section too long", status: 431)
                }
                state = line.isEmpty ? .done : .trailers(seen + line.count)
            }
        }
    }

    private func take(_ wanted: Int, from buffer: inout ByteBuffer) -> ByteBuffer? {
        let length = min(wanted, buffer.readableBytes)
        return length > 0 ? buffer.readSlice(length: length) : nil
    }

    /// A line without its CRLF, or nil when it is not complete.
    private func line(from buffer: inout ByteBuffer, limit: Int) throws(HTTPSyntaxError) -> [UInt8]? {
        guard let end = buffer.readableBytesView.firstIndex(of: 0x0a) else {
            guard buffer.readableBytes <= limit else {
                throw HTTPSyntaxError("malformed chunked body: line too long")
            }
            return nil
        }
        let length = end - buffer.readerIndex + 1
        guard length >= 2, length <= limit + 2, let line = buffer.readBytes(length: length),
            line[length - 2] == 0x0d
        else { throw HTTPSyntaxError("malformed chunked body: bad line") }
        return Array(line.dropLast(2))
    }

    /// The size in front of a chunk; extensions behind `;` are ignored.
    private static func size(_ line: [UInt8]) throws(HTTPSyntaxError) -> Int {
        let digits = line.prefix { $0 != UInt8(ascii: ";") && !ASCIIText.isBlank($0) }
        guard !digits.isEmpty, digits.count <= 15 else {
            throw HTTPSyntaxError("malformed chunked body: bad chunk size")
        }
        var size = 0
        for digit in digits {
            guard let value = ASCIIText.hexValue(digit) else {
                throw HTTPSyntaxError("malformed chunked body: bad chunk size")
            }
            size = size << 4 | Int(value)
        }
        return size
    }
}
