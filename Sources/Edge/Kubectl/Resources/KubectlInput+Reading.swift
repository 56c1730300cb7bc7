extension KubectlInput {
    /// Everything until the end.
    func readAll(limit: Int = 256 << 20) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await read() {
            bytes += piece
            guard bytes.count <= limit else { throw KubectlError("standard input exceeds \(limit) bytes") }
        }
        return bytes
    }
}
