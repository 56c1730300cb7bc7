internal import NIOCore

/// The header of a frame (RFC 9113 section 4.1): length, type, flags and stream, nine bytes in all.
struct HTTP2FrameHeader: Equatable {
    enum Kind {
        static let data: UInt8 = 0
        static let headers: UInt8 = 1
        static let priority: UInt8 = 2
        static let resetStream: UInt8 = 3
        static let settings: UInt8 = 4
        static let pushPromise: UInt8 = 5
        static let ping: UInt8 = 6
        static let goAway: UInt8 = 7
        static let windowUpdate: UInt8 = 8
        static let continuation: UInt8 = 9
    }

    enum Flag {
        /// Of SETTINGS and PING.
        static let ack: UInt8 = 0x1
        static let endStream: UInt8 = 0x1
        static let endHeaders: UInt8 = 0x4
        static let padded: UInt8 = 0x8
        static let priority: UInt8 = 0x20
    }

    static let size = 9

    var length: Int
    var kind: UInt8
    var flags: UInt8
    var stream: UInt32

    func has(_ flag: UInt8) -> Bool { flags & flag != 0 }

    /// The header in front of what is readable; nil when less than a header has arrived.
    init?(peeking buffer: ByteBuffer) {
        let index = buffer.readerIndex
        guard let head: UInt32 = buffer.getInteger(at: index),
            let flags: UInt8 = buffer.getInteger(at: index + 4),
            let stream: UInt32 = buffer.getInteger(at: index + 5)
        else { return nil }
        length = Int(head >> 8)
        kind = UInt8(truncatingIfNeeded: head)
        self.flags = flags
        self.stream = stream & 0x7fff_ffff
    }

    /// Takes padding off a payload that may have it.
    func unpadded(_ payload: inout ByteBuffer) throws(HTTP2Failure) {
        guard has(Flag.padded) else { return }
        guard let padding: UInt8 = payload.readInteger(), Int(padding) <= payload.readableBytes else {
            throw HTTP2Failure(.protocolError, "padding longer than its frame")
        }
        payload.moveWriterIndex(to: payload.writerIndex - Int(padding))
    }
}

/// The settings that edge looks at (RFC 9113 section 6.5.2).
enum HTTP2Setting {
    static let headerTableSize: UInt16 = 1
    static let enablePush: UInt16 = 2
    static let maximumConcurrentStreams: UInt16 = 3
    static let initialWindowSize: UInt16 = 4
    static let maximumFrameSize: UInt16 = 5
    static let maximumHeaderListSize: UInt16 = 6

    static let maximumWindow = 0x7fff_ffff
}
