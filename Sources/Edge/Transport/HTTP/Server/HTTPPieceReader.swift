internal import NIOCore

/// Copies a body made of pieces into buffers, as many bytes at a time as are wanted.
struct HTTPPieceReader {
    private let body: HTTPBodyPieces
    private var next = 0
    /// How much of the next piece has been copied.
    private var offset = 0

    init(_ body: HTTPBodyPieces) {
        self.body = body
    }

    var isAtEnd: Bool { next == body.pieces.count }

    private var needsComma = false

    /// Appends to the buffer until it has `limit` bytes or the body ends.
    mutating func fill(_ buffer: inout ByteBuffer, limit: Int) {
        while next < body.pieces.count {
            let room = limit - buffer.readableBytes
            guard room > 0 else { return }
            if needsComma {
                buffer.writeInteger(UInt8(ascii: ","))
                needsComma = false
                continue
            }
            let piece = body.pieces[next]
            if offset == 0, piece.count <= room {
                buffer.writeBytes(piece)
            } else {
                let end = min(offset + room, piece.count)
                buffer.writeBytes(piece[offset..<end])
                offset = end
                guard end == piece.count else { return }
                offset = 0
            }
            next += 1
            needsComma = body.isList && next > 1 && next < body.pieces.count - 1
        }
    }
}
