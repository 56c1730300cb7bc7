internal import CEdgeLinux
internal import Glibc

/// Questions to the kernel that change nothing on the host.
public enum KernelProbe {
    /// Tries an overlay mount that nobody sees, with directories inside the given one that are removed again.
    public static func overlay(in directory: String) throws(SystemError) {
        let root = "\(directory)/.edge-probe-\(getpid())"
        try Directory.make(root, mode: 0o700)
        defer { try? Directory.removeTree(root) }
        for name in ["lower", "upper", "work"] { try Directory.make("\(root)/\(name)") }
        let result = edge_probe_overlay("\(root)/lower", "\(root)/upper", "\(root)/work")
        try check(result, "mount overlay in", directory)
    }

    /// Whether the legacy iptables of this network namespace drop forwarded packets by their policy.
    public static func legacyForwardDrops() throws(SystemError) -> Bool {
        try check(edge_probe_iptables_forward(), "read", "iptables filter table") == 1
    }

    /// Whether something listens at a port of this network namespace, on any address.
    public static func isPortTaken(_ port: UInt16, udp: Bool = false) -> Bool {
        let descriptor = socket(AF_INET, Int32((udp ? SOCK_DGRAM : SOCK_STREAM).rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var one: Int32 = 1
        if !udp { setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, 4) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return result != 0 && Errno.current == Errno(rawValue: EADDRINUSE)
    }

    /// `6.1.0-13-arm64`, and the machine's name.
    public static var release: String {
        var name = utsname()
        uname(&name)
        return withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    public static var pageSize: Int { Int(sysconf(Int32(_SC_PAGESIZE))) }
    public static var isRoot: Bool { getuid() == 0 }
}
