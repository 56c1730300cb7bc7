internal import Glibc

/// The network's settings below /proc/sys/net of one network namespace.
public struct NetworkParameters: Sendable {
    private let namespace: NetworkNamespace?

    /// Of the given namespace, or of the calling thread's.
    public init(in namespace: NetworkNamespace? = nil) {
        self.namespace = namespace
    }

    /// The value of a setting such as `ipv4/ip_forward`, without the line end; nil when this kernel has none.
    public func value(of name: String) throws -> String? {
        try namespace.run { try Self.read(name) }
    }

    /// Writes the settings that differ. Those that this kernel does not have are passed over and returned, as
    /// a kernel without IPv6 has no `ipv6/...`.
    @discardableResult
    public func set(_ settings: [(name: String, value: String)]) throws -> [String] {
        try namespace.run {
            var missing: [String] = []
            for (name, value) in settings {
                guard let current = try Self.read(name) else {
                    missing.append(name)
                    continue
                }
                if current != value { try Self.write(name, value) }
            }
            return missing
        }
    }

    private static func read(_ name: String) throws -> String? {
        let descriptor = open("/proc/sys/net/\(name)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw NetlinkError(operation: "open", object: "/proc/sys/net/\(name)", errno: errno)
        }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count >= 0 else {
            throw NetlinkError(operation: "read", object: "/proc/sys/net/\(name)", errno: errno)
        }
        return String(decoding: buffer[..<count].filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    private static func write(_ name: String, _ value: String) throws {
        let descriptor = open("/proc/sys/net/\(name)", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw NetlinkError(operation: "open", object: "/proc/sys/net/\(name)", errno: errno)
        }
        defer { close(descriptor) }
        let bytes = Array(value.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw NetlinkError(operation: "set \(value) in", object: "/proc/sys/net/\(name)", errno: errno)
        }
    }
}
