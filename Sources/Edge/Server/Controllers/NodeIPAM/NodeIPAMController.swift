internal import EdgeAPI
public import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import Synchronization

/// Gives each node its share of the cluster's pod addresses.
public struct NodeIPAMController: RunnableController {
    public let name = "node-ipam-controller"
    private let controller: Controller<NodeIPAMReconciler>

    /// - Parameter nodePrefixLength: how much each node gets: 24 gives 254 pods.
    public init(_ context: ControllerContext, clusterCIDR: CIDR, nodePrefixLength: Int = 24) {
        let reconciler = NodeIPAMReconciler(
            client: context.client("node-controller"), nodes: context.informers.informer(Node.resource),
            pool: NodeCIDRPool(cluster: clusterCIDR, prefixLength: nodePrefixLength))
        // One worker: the pool is handed out in one place.
        controller = Controller(reconciler, queue: context.queue(), workers: 1)
    }

    public func run() async {
        let queue = controller.queue
        let pool = controller.reconciler.pool
        controller.reconciler.nodes.addHandler { changes in
            var waiting: [ObjectKey] = []
            for change in changes {
                guard let node = try? Node(decoding: change.object) else { continue }
                if change.kind == .deleted {
                    pool.release(node.spec.podCIDR)
                } else if !node.spec.podCIDR.isEmpty {
                    pool.take(node.spec.podCIDR)
                } else {
                    waiting.append(node.key)
                }
            }
            // Only when all that is taken is known.
            for key in waiting { queue.add(key) }
        }
        await controller.run()
    }
}

struct NodeIPAMReconciler: Reconciler {
    let name = "node-ipam-controller"
    let client: any APIClient
    let nodes: Informer
    let pool: NodeCIDRPool

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        guard let node = try nodes.view(key, as: Node.self), node.spec.podCIDR.isEmpty else { return .done }
        guard let cidr = pool.allocate() else {
            throw APIStatus.internalError("no pod network is left for node \(node.name)")
        }
        let patch: JSONValue = ["spec": ["podCIDR": .string(cidr), "podCIDRs": [.string(cidr)]]]
        let written: EncodedObject
        do {
            written = try await client.patch(key, Patch(.merge, patch))
        } catch {
            pool.release(cidr)
            throw error
        }
        // The next look at this node must see that it has its share.
        try await nodes.waitUntil(revision: written.revision)
        return .done
    }
}

/// The networks that nodes may have.
final class NodeCIDRPool: Sendable {
    private let cluster: CIDR
    private let prefixLength: Int
    private let taken = Mutex<Set<String>>([])

    init(cluster: CIDR, prefixLength: Int) {
        self.cluster = cluster
        self.prefixLength = max(prefixLength, cluster.prefixLength)
    }

    func take(_ cidr: String) { _ = taken.withLock { $0.insert(cidr) } }
    func release(_ cidr: String) { _ = taken.withLock { $0.remove(cidr) } }

    /// The first free one; nil when all are taken.
    func allocate() -> String? {
        taken.withLock { taken in
            let count = 1 << min(prefixLength - cluster.prefixLength, 20)
            for index in 0..<count {
                guard let cidr = cluster.subnet(prefixLength: prefixLength, at: index)?.description else {
                    return nil
                }
                if taken.insert(cidr).inserted { return cidr }
            }
            return nil
        }
    }
}
