internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient

/// Keeps the rules of ClusterRoles that are made of others (`aggregationRule`): `admin`, `edit` and `view`
/// get what charts and operators add for their own kinds.
public struct ClusterRoleAggregationController: RunnableController {
    public let name = ClusterRoleAggregator.controllerName
    private let controller: Controller<ClusterRoleAggregator>

    public init(_ context: ControllerContext) {
        let reconciler = ClusterRoleAggregator(
            client: context.client(name), roles: context.informers.informer(ClusterRole.resource))
        controller = Controller(reconciler, queue: context.queue(), workers: 1)
    }

    public func run() async {
        let queue = controller.queue
        let roles = controller.reconciler.roles
        roles.addHandler { _ in
            for role in roles.views(namespace: nil, as: ClusterRole.self) where role.aggregationRule != nil {
                queue.add(role.key)
            }
        }
        await controller.run()
    }
}

/// Writes the rules of one aggregated role.
struct ClusterRoleAggregator: Reconciler {
    static let controllerName = "clusterrole-aggregation-controller"

    let name = Self.controllerName
    let client: any APIClient
    let roles: Informer

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        guard let role = try roles.view(key, as: ClusterRole.self), role.aggregationRule != nil else {
            return .done
        }
        let rules = ClusterRoleAggregation.rules(for: role, from: roles.views(namespace: nil))
        guard rules != role.rules else { return .done }
        var changed = role
        changed.rules = rules
        do { _ = try await client.update(ClusterRole.resource, changed.object) } catch let status as APIStatus
            where status.reason == .notFound
        {
            return .done
        }
        return .done
    }
}
