internal import CZlib

// The only place of this module with C pointers: zlib's stream wants to lie still in memory.

/// Compresses the header blocks that one side of a session sends: one zlib stream for all of them.
///
/// Not thread-safe: owned by the one task that encodes frames.
final class SPDYHeaderDeflater {
    private let stream: UnsafeMutablePointer<z_stream>

    init() throws(StreamError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        guard deflateInit_(stream, Z_BEST_COMPRESSION, ZLIB_VERSION, size) == Z_OK else {
            stream.deallocate()
            throw .protocolViolation("zlib could not be started")
        }
        let dictionary = SPDYDictionary.bytes
        _ = deflateSetDictionary(stream, dictionary, UInt32(dictionary.count))
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    func compress(_ block: [UInt8]) throws(StreamError) -> [UInt8] {
        var output: [UInt8] = []
        var input = block
        var chunk = [UInt8](repeating: 0, count: 4096)
        let isOK = input.withUnsafeMutableBufferPointer { source in
            stream.pointee.next_in = source.baseAddress
            stream.pointee.avail_in = UInt32(source.count)
            repeat {
                let status = chunk.withUnsafeMutableBufferPointer { target in
                    stream.pointee.next_out = target.baseAddress
                    stream.pointee.avail_out = UInt32(target.count)
                    return deflate(stream, Z_SYNC_FLUSH)
                }
                guard status == Z_OK || status == Z_BUF_ERROR else { return false }
                output += chunk[..<(chunk.count - Int(stream.pointee.avail_out))]
            } while stream.pointee.avail_out == 0
            return true
        }
        guard isOK else { throw .protocolViolation("header compression failed") }
        return output
    }
}

/// Decompresses the header blocks that the peer sends.
///
/// Not thread-safe: owned by the one task that decodes frames.
final class SPDYHeaderInflater {
    /// Larger blocks are an attack.
    private static let maximumBlock = 64 * 1024

    private let stream: UnsafeMutablePointer<z_stream>

    init() throws(StreamError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            throw .protocolViolation("zlib could not be started")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func decompress(_ block: [UInt8]) throws(StreamError) -> [UInt8] {
        var output: [UInt8] = []
        var input = block
        var chunk = [UInt8](repeating: 0, count: 4096)
        let failure = input.withUnsafeMutableBufferPointer { source -> StreamError? in
            stream.pointee.next_in = source.baseAddress
            stream.pointee.avail_in = UInt32(source.count)
            while true {
                let status = chunk.withUnsafeMutableBufferPointer { target in
                    stream.pointee.next_out = target.baseAddress
                    stream.pointee.avail_out = UInt32(target.count)
                    return inflate(stream, Z_SYNC_FLUSH)
                }
                output += chunk[..<(chunk.count - Int(stream.pointee.avail_out))]
                guard output.count <= Self.maximumBlock else {
                    return .limitExceeded("SPDY header block is larger than \(Self.maximumBlock) bytes")
                }
                switch status {
                case Z_NEED_DICT:
                    let dictionary = SPDYDictionary.bytes
                    guard inflateSetDictionary(stream, dictionary, UInt32(dictionary.count)) == Z_OK else {
                        return .protocolViolation("SPDY headers are compressed with another dictionary")
                    }
                case Z_OK where stream.pointee.avail_out == 0: continue
                // No room was missing, so everything has been taken.
                case Z_OK, Z_BUF_ERROR: return nil
                default: return .protocolViolation("SPDY header block cannot be decompressed")
                }
            }
        }
        if let failure { throw failure }
        return output
    }
}
