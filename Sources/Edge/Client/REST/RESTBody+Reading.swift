internal import Synchronization

extension RESTBody {
    /// A body that is there as a whole.
    public init(_ bytes: [UInt8]) {
        let rest = Mutex<[UInt8]?>(bytes.isEmpty ? nil : bytes)
        self.init {
            rest.withLock { rest in
                defer { rest = nil }
                return rest
            }
        }
    }

    public init(_ text: String) {
        self.init(Array(text.utf8))
    }

    /// The whole body. Throws `RESTBodyTooLarge` beyond `limit` bytes.
    public func collect(limit: Int = 1 << 30) async throws -> [UInt8] {
        guard var bytes = try await next() else { return [] }
        while let piece = try await next() {
            guard bytes.count + piece.count <= limit else { throw RESTBodyTooLarge(limit: limit) }
            bytes += piece
        }
        guard bytes.count <= limit else { throw RESTBodyTooLarge(limit: limit) }
        return bytes
    }

    /// Calls `body` with each line without its newline, a last one without newline included, until it
    /// returns false. Throws `RESTBodyTooLarge` for a line of more than `limit` bytes.
    public func forEachLine(
        limit: Int = 64 << 20, _ body: (ArraySlice<UInt8>) async throws -> Bool
    ) async throws {
        let newline = UInt8(ascii: "\n")
        var pending: [UInt8] = []
        while let piece = try await next() {
            var rest = piece[...]
            while let end = rest.firstIndex(of: newline) {
                let isWhole: Bool
                if pending.isEmpty {
                    isWhole = try await body(rest[..<end])
                } else {
                    pending += rest[..<end]
                    isWhole = try await body(pending[...])
                    pending.removeAll()
                }
                guard isWhole else { return }
                rest = rest[(end + 1)...]
            }
            guard pending.count + rest.count <= limit else { throw RESTBodyTooLarge(limit: limit) }
            pending += rest
        }
        if !pending.isEmpty { _ = try await body(pending[...]) }
    }
}

/// A response longer than its reader accepts.
public struct RESTBodyTooLarge: Error, CustomStringConvertible {
    public let limit: Int

    public var description: String { "read response: the body exceeds \(limit) bytes" }
}
