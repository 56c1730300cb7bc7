internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// Deletes objects of one resource when their time is over: one timer each, nothing looks around.
struct ExpiryReconciler: Reconciler {
    let name: String
    let client: any APIClient
    let objects: Informer
    let clock: any WallClock
    /// When an object ends; nil for never.
    let expiry: @Sendable (APIObject) -> Timestamp?

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        guard let stored = objects.get(key), let end = expiry(try APIObject(decoding: stored)) else {
            return .done
        }
        let remaining = end - clock.now
        if remaining > .zero { return .again(after: remaining) }
        do {
            try await client.delete(key)
        } catch let status as APIStatus where status.reason == .notFound {
            return .done
        }
        return .done
    }

    func run(_ controller: Controller<ExpiryReconciler>) async {
        let queue = controller.queue
        objects.addHandler { changes in
            for change in changes where change.kind != .deleted { queue.add(change.object.key) }
        }
        await controller.run()
    }
}

/// Events are kept for an hour, as in Kubernetes.
public struct EventExpiryController: RunnableController {
    static let lifetime: Duration = .seconds(3600)

    public let name = "event-expiry-controller"
    private let controller: Controller<ExpiryReconciler>

    public init(_ context: ControllerContext) {
        let reconciler = ExpiryReconciler(
            name: name, client: context.client(name), objects: context.informers.informer("events"),
            clock: context.clock
        ) { event in
            let last =
                event["lastTimestamp"]?.string.flatMap { Timestamp(rfc3339: $0) } ?? event.creationTimestamp
            return last.map { $0 + Self.lifetime }
        }
        controller = Controller(reconciler, queue: context.queue(), workers: 1)
    }

    public func run() async { await controller.reconciler.run(controller) }
}

/// Bootstrap tokens go when they have expired.
public struct TokenCleaner: RunnableController {
    public let name = "token-cleaner"
    private let controller: Controller<ExpiryReconciler>

    public init(_ context: ControllerContext) {
        let reconciler = ExpiryReconciler(
            name: name, client: context.client(name), objects: context.informers.informer("secrets"),
            clock: context.clock
        ) { secret in
            guard secret.namespace == "kube-system",
                secret["type"]?.string == "bootstrap.kubernetes.io/token",
                let text = secret[path: "data", "expiration"]?.string, let bytes = Base64.decode(text)
            else { return nil }
            return Timestamp(rfc3339: String(decoding: bytes, as: UTF8.self))
        }
        controller = Controller(reconciler, queue: context.queue(), workers: 1)
    }

    public func run() async { await controller.reconciler.run(controller) }
}
