internal import Glibc

/// The kernel's end of `NetlinkSocket`. It stays in the network namespace in which it was opened.
final class KernelNetlinkSocket: NetlinkSocket {
    let descriptor: Int32

    /// Opens a socket in the calling thread's network namespace and joins multicast groups (RTNLGRP_*, ...).
    init(_ family: NetlinkFamily, groups: [Int32] = []) throws {
        let type = Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = Glibc.socket(AF_NETLINK, type, family.rawValue)
        guard descriptor >= 0 else { throw Self.failure("open socket", family) }
        do {
            try configure(family, groups: groups)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit {
        close(descriptor)
    }

    private func configure(_ family: NetlinkFamily, groups: [Int32]) throws {
        var address = NetlinkAddress(family: UInt16(AF_NETLINK), pad: 0, pid: 0, groups: 0)
        let bound = withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                bind(descriptor, $0.baseAddress, socklen_t(bytes.count))
            }
        }
        guard bound == 0 else { throw Self.failure("bind socket", family) }
        // Refusals then carry a text and not the request again. Both exist since Linux 4.12.
        set(NetlinkOption.extendedAck, 1)
        set(NetlinkOption.capAck, 1)
        // Dumps are then filtered by the kernel (4.20); the answers are filtered again in any case.
        set(NetlinkOption.strictCheck, 1)
        for group in groups where !set(NetlinkOption.addMembership, group) {
            throw Self.failure("join group \(group) of socket", family)
        }
        // Replies to requests are there when send returns; this only guards against waiting for ever.
        if groups.isEmpty {
            var limit = timeval(tv_sec: 10, tv_usec: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    @discardableResult
    private func set(_ option: Int32, _ value: Int32) -> Bool {
        var value = value
        return setsockopt(descriptor, NetlinkOption.level, option, &value, 4) == 0
    }

    func send(_ datagram: [UInt8]) throws {
        reserve(datagram.count)
        while true {
            let sent = Glibc.send(descriptor, datagram, datagram.count, 0)
            if sent == datagram.count { return }
            if errno != EINTR {
                throw NetlinkError(operation: "send", object: "netlink message", errno: errno)
            }
        }
    }

    func receive(wait: Bool) throws -> [UInt8]? {
        let flags = Int32(MSG_TRUNC) | (wait ? 0 : Int32(MSG_DONTWAIT))
        return try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 8) { buffer in
            while true {
                let count = recv(descriptor, buffer.baseAddress, buffer.count, flags)
                if count >= 0 {
                    guard count <= buffer.count else {
                        throw NetlinkFormatError(what: "datagram", detail: "\(count) bytes are too many")
                    }
                    return Array(buffer[..<count])
                }
                switch errno {
                case EINTR: continue
                case EAGAIN where !wait: return nil
                case EAGAIN: throw NetlinkError(operation: "receive", object: "reply", errno: ETIMEDOUT)
                default: throw NetlinkError(operation: "receive", object: "reply", errno: errno)
                }
            }
        }
    }

    /// A netlink message must fit into the send buffer as a whole.
    private func reserve(_ count: Int) {
        guard count > 64 << 10 else { return }
        var size = Int32(clamping: count * 2)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, &size, 4)
    }

    private static func failure(_ operation: String, _ family: NetlinkFamily) -> NetlinkError {
        NetlinkError(operation: operation, object: "netlink \(family)", errno: errno)
    }
}

/// `struct sockaddr_nl` of linux/netlink.h.
private struct NetlinkAddress {
    var family: UInt16
    var pad: UInt16
    var pid: UInt32
    var groups: UInt32
}
