internal import EdgeClient
internal import Glibc

/// A TCP port of this host, for port-forward. Sockets are blocking and each has a thread of its own: a
/// command forwards a handful of connections, and backpressure comes for free.
final class LocalPortListener: LocalListener {
    let port: Int
    private let descriptor: Int32

    init(address: String, port: Int) throws {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address, String(port), &hints, &found) == 0, let info = found else {
            throw Self.failure(address, port, "not an address")
        }
        defer { freeaddrinfo(found) }
        let socket = Glibc.socket(info.pointee.ai_family, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        guard socket >= 0 else { throw Self.failure(address, port) }
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        if info.pointee.ai_family == AF_INET6 {
            setsockopt(socket, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
        guard bind(socket, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0, Glibc.listen(socket, 64) == 0
        else {
            let error = Self.failure(address, port)
            Glibc.close(socket)
            throw error
        }
        descriptor = socket
        self.port = Self.localPort(socket) ?? port
    }

    private static func failure(_ address: String, _ port: Int, _ cause: String? = nil) -> HostError {
        let text = cause ?? strerror(errno).map { String(cString: $0).lowercased() } ?? "error \(errno)"
        return HostError(operation: "listen tcp", path: "\(address):\(port)", cause: text)
    }

    private static func localPort(_ socket: Int32) -> Int? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard getsockname(socket, address, &length) == 0 else { return nil }
                // The port lies at the same place in both families, in network order.
                return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    Int(UInt16(bigEndian: $0.pointee.sin_port))
                }
            }
        }
    }

    func accept() async throws -> (any ForwardedConnection)? {
        let descriptor = descriptor
        return try await HostThread.run {
            while true {
                let socket = Glibc.accept(descriptor, nil, nil)
                if socket >= 0 { return LocalConnection(socket) }
                guard errno == EINTR || errno == ECONNABORTED else { return nil }
            }
        }
    }

    func close() async { shutdown(descriptor, Int32(SHUT_RDWR)) }

    deinit { Glibc.close(descriptor) }
}
