internal import CEdgeLinux
internal import Glibc

/// What changed in a network namespace. Events say where to look, not what is there: a reader that falls
/// behind loses events but never the fact that there were some (`overflow`).
public enum NetlinkEvent: Hashable, Sendable {
    case linkChanged(index: Int32, name: String, isUp: Bool)
    case linkRemoved(index: Int32, name: String)
    case addressesChanged(interface: Int32)
    case routesChanged
    /// A table of nf_tables vanished, such as by `nft flush ruleset`.
    case tableRemoved(NFTTable)
    /// Events were lost: everything may have changed.
    case overflow
}

/// Subscribes to changes in one network namespace. One thread waits in the kernel; `stop` or the end of this
/// value ends it.
public final class NetlinkMonitor: Sendable {
    /// The subjects of which changes are reported.
    public enum Subject: Hashable, Sendable {
        case links, addresses, routes, tables
    }

    /// At most 256 events wait for the reader; of more the oldest go, and an `overflow` stands among them.
    public let events: AsyncStream<NetlinkEvent>

    private let stopEvent: StopEvent
    private let continuation: AsyncStream<NetlinkEvent>.Continuation

    public init(_ subjects: Set<Subject>, in namespace: NetworkNamespace? = nil) throws {
        let sockets = try namespace.run { try Self.open(subjects) }
        stopEvent = try StopEvent()
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(256))
        let reader = Reader(sockets: sockets, stop: stopEvent, continuation: continuation)
        try WorkerThread.start { reader.run() }
    }

    deinit {
        stop()
    }

    /// Ends the subscription and the stream.
    public func stop() {
        stopEvent.raise()
        continuation.finish()
    }

    private static func open(_ subjects: Set<Subject>) throws -> [KernelNetlinkSocket] {
        var groups: [Int32] = []
        if subjects.contains(.links) { groups += [RTNLGRP.link] }
        if subjects.contains(.addresses) { groups += [RTNLGRP.ipv4Address, RTNLGRP.ipv6Address] }
        if subjects.contains(.routes) { groups += [RTNLGRP.ipv4Route, RTNLGRP.ipv6Route] }
        var sockets: [KernelNetlinkSocket] = []
        if !groups.isEmpty { sockets.append(try KernelNetlinkSocket(.route, groups: groups)) }
        if subjects.contains(.tables) {
            sockets.append(try KernelNetlinkSocket(.netfilter, groups: [NFNL.groupNFTables]))
        }
        return sockets
    }

    private struct Reader: Sendable {
        let sockets: [KernelNetlinkSocket]
        let stop: StopEvent
        let continuation: AsyncStream<NetlinkEvent>.Continuation

        func run() {
            var waits = sockets.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            waits.append(pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0))
            while true {
                if poll(&waits, nfds_t(waits.count), -1) < 0 {
                    if errno == EINTR { continue }
                    break
                }
                if waits[sockets.count].revents != 0 { break }
                for (index, socket) in sockets.enumerated() where waits[index].revents != 0 {
                    deliver(socket)
                }
            }
            continuation.finish()
        }

        private func deliver(_ socket: KernelNetlinkSocket) {
            do {
                while let datagram = try socket.receive(wait: false) {
                    for message in try NetlinkMessage.parse(datagram) {
                        guard let event = try NetlinkEvent(message) else { continue }
                        if case .dropped = continuation.yield(event) { continuation.yield(.overflow) }
                    }
                }
            } catch {
                // ENOBUFS: the kernel could not keep up. A malformed message is treated alike.
                continuation.yield(.overflow)
            }
        }
    }
}

extension NetlinkEvent {
    /// Nil for messages that say nothing of interest.
    init?(_ message: NetlinkMessage) throws {
        switch message.type {
        case RTM.newLink:
            let link = try Link(message)
            self = .linkChanged(index: link.index, name: link.name, isUp: link.isUp)
        case RTM.delLink:
            let link = try Link(message)
            self = .linkRemoved(index: link.index, name: link.name)
        case RTM.newAddress, RTM.delAddress:
            guard let address = try InterfaceAddress(message) else { return nil }
            self = .addressesChanged(interface: address.interface)
        case RTM.newRoute, RTM.delRoute: self = .routesChanged
        case NFTMessage.delTable:
            guard let table = try NFTTable(message) else { return nil }
            self = .tableRemoved(table)
        default: return nil
        }
    }
}

/// An eventfd whose only use is to wake a thread out of `poll`.
final class StopEvent: Sendable {
    let descriptor: Int32

    init() throws {
        descriptor = edge_eventfd()
        guard descriptor >= 0 else {
            throw NetlinkError(operation: "open", object: "eventfd", errno: -descriptor)
        }
    }

    deinit {
        close(descriptor)
    }

    func raise() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }
}
