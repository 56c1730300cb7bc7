internal import EdgeClient
internal import Glibc

/// One connection that came in.
final class LocalConnection: ForwardedConnection {
    private static let chunk = 32 << 10
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { Glibc.close(descriptor) }

    func send(_ bytes: [UInt8]) async throws {
        try await HostThread.run { [self] in try HostFiles.write(descriptor, bytes, "connection") }
    }

    func endInput() async throws { shutdown(descriptor, Int32(SHUT_WR)) }

    func next() async throws -> [UInt8]? {
        try await HostThread.run { [self] in
            var buffer = [UInt8](repeating: 0, count: Self.chunk)
            while true {
                let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                return count > 0 ? Array(buffer[..<count]) : nil
            }
        }
    }

    func close() async { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
