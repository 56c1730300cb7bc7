internal import Glibc

/// Links, addresses, routes and neighbours of one network namespace, over one rtnetlink socket. Calls are
/// short blocking system calls; the client belongs to one thread or one actor at a time.
public final class RouteClient {
    let session: NetlinkSession

    /// In the given namespace, or in the calling thread's.
    public convenience init(in namespace: NetworkNamespace? = nil) throws {
        self.init(socket: try namespace.run { try KernelNetlinkSocket(.route) })
    }

    init(socket: any NetlinkSocket) {
        session = NetlinkSession(socket)
    }

    /// Runs a deletion for which "there is none" is success. Returns whether there was one.
    func deleting(_ body: () throws -> Void, absent: Int32...) throws -> Bool {
        do {
            try body()
            return true
        } catch let error as NetlinkError where absent.contains(error.errno) {
            return false
        }
    }
}

/// AF_* as rtnetlink headers carry them.
enum AddressFamily {
    static let unspecified: UInt8 = 0
    static let inet = UInt8(AF_INET)
    static let inet6 = UInt8(AF_INET6)
    static let bridge: UInt8 = 7
}
