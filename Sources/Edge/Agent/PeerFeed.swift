internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeKubelet
internal import EdgeNetlink
internal import EdgePodNetwork
internal import Logging
internal import Synchronization

/// Keeps the way to the pods of the other nodes: brings the cluster's nodes to the pod network, and puts right what
/// others do to its interfaces and routes.
final class PeerFeed: Sendable {
    private struct State {
        var applied: [PeerNode]?
        var needsRepair = false
    }

    /// So many changes of interfaces that come together are looked at once.
    private static let settling = Duration.milliseconds(500)

    private let nodes: Informer
    private let network: PodNetworkHolder
    /// Puts back what hangs on the network's interfaces, such as the address of DNS.
    private let onRepair: @Sendable () async -> Void
    private let state = Mutex(State())
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let logger = Logger(label: "edge.network")

    init(nodes: Informer, network: PodNetworkHolder, onRepair: @escaping @Sendable () async -> Void) {
        self.nodes = nodes
        self.network = network
        self.onRepair = onRepair
        (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// To be called when the network has come up.
    func networkStarted() { wake.yield() }

    /// Until the task is cancelled.
    func run() async {
        nodes.addHandler { [wake] changes in
            if changes.contains(where: { Self.peer($0) != Self.peer(before: $0) }) { wake.yield() }
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.followInterfaces() }
            for await _ in wakes { await apply() }
            group.cancelAll()
        }
    }

    private func apply() async {
        guard let network = network.network, (try? await nodes.waitUntilSynced()) != nil else { return }
        let backoff = EdgeClient.Backoff(initial: .milliseconds(500), maximum: .seconds(30))
        var failures = 0
        while !Task.isCancelled {
            let peers = nodes.list().compactMap(Self.peer).sorted { $0.name < $1.name }
            let repair = state.withLock { state in
                defer { state.needsRepair = false }
                return state.needsRepair
            }
            do {
                if repair {
                    try await network.ensure()
                    await onRepair()
                }
                if repair || state.withLock({ $0.applied }) != peers { try await network.updatePeers(peers) }
                return state.withLock { $0.applied = peers }
            } catch {
                logger.log(
                    level: failures == 2 ? .warning : .debug, "the way to other nodes is not complete",
                    metadata: ["error": "\(error)"])
                state.withLock { $0.needsRepair = true }
                try? await Task.sleep(for: backoff.delay(afterFailures: failures))
                failures += 1
            }
        }
    }

    // MARK: Repair

    private func followInterfaces() async {
        let monitor: NetlinkMonitor
        do { monitor = try NetlinkMonitor([.links, .addresses, .routes]) } catch {
            logger.warning("changes of interfaces are not seen", metadata: ["error": "\(error)"])
            return
        }
        defer { monitor.stop() }
        for await event in monitor.events {
            guard let names = network.network?.names, Self.concerns(event, names) else { continue }
            try? await Task.sleep(for: Self.settling)
            guard !Task.isCancelled else { return }
            state.withLock { $0.needsRepair = true }
            wake.yield()
        }
    }

    /// Pods' own interfaces come and go all the time.
    static func concerns(_ event: NetlinkEvent, _ names: InterfaceNames) -> Bool {
        switch event {
        case .linkChanged(_, let name, _), .linkRemoved(_, let name): !name.hasPrefix(names.podPrefix)
        case .addressesChanged, .routesChanged, .overflow: true
        case .tableRemoved: false
        }
    }

    // MARK: Peers

    private static func peer(_ change: ObjectChange) -> PeerNode? {
        change.kind == .deleted ? nil : peer(change.object)
    }

    private static func peer(before change: ObjectChange) -> PeerNode? {
        change.previous.flatMap(peer)
    }

    /// Nil for a node without pod CIDR or address.
    static func peer(_ object: EncodedObject) -> PeerNode? {
        guard let node = try? Node(decoding: object), let podCIDR = CIDR(node.spec.podCIDR) else {
            return nil
        }
        let addresses = node.status.addresses.filter { $0.type == "InternalIP" }
        guard let address = addresses.compactMap({ IPAddress($0.address) }).first else { return nil }
        return PeerNode(name: node.name, podCIDR: podCIDR, address: address)
    }
}
