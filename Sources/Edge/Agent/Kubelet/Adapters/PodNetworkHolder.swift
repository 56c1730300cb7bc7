public import EdgeBase
internal import EdgeNetlink
public import EdgePodNetwork
internal import Synchronization

/// The pod network of this node, which exists from the moment on that the node has a pod CIDR.
public final class PodNetworkHolder: PodNetworking {
    /// Makes the network for a pod CIDR: constructs it and calls `ensure`.
    public typealias Maker = @Sendable (CIDR) async throws -> PodNetwork

    private struct State {
        var network: PodNetwork?
        var failure = "pod CIDR is not assigned yet"
    }

    private let state = Mutex(State())
    private let make: Maker

    public init(make: @escaping Maker) {
        self.make = make
    }

    /// The network once it is set up.
    public var network: PodNetwork? { state.withLock(\.network) }

    /// To be called when the node's pod CIDR is known; later calls do nothing once the network is there.
    public func start(podCIDR: CIDR) async {
        guard network == nil else { return }
        do {
            let network = try await make(podCIDR)
            state.withLock { $0.network = network }
        } catch {
            state.withLock { $0.failure = "pod network setup failed: \(error)" }
        }
    }

    private func required() throws -> PodNetwork {
        try state.withLock { state in
            guard let network = state.network else {
                throw KubeletError("network is not ready: \(state.failure)")
            }
            return network
        }
    }

    public func attach(_ id: String, namespacePath: String) async throws -> [IPAddress] {
        let namespace = try NetworkNamespace(path: namespacePath)
        return [try await required().attach(id, to: namespace).address]
    }

    public func detach(_ id: String) async throws {
        guard let network else { return }
        try await network.detach(id)
    }

    public func addresses(of id: String) async throws -> [IPAddress] {
        guard let network else { return [] }
        return try await network.attachments().filter { $0.id == id }.map(\.address)
    }

    public func collectGarbage(keeping ids: Set<String>) async throws {
        guard let network else { return }
        try await network.collectGarbage(keeping: ids)
    }

    public func unreadyReason() async -> String? {
        state.withLock { $0.network == nil ? $0.failure : nil }
    }
}
