internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// Gives every namespace its `default` ServiceAccount.
public struct ServiceAccountController: RunnableController {
    static let controllerName = "service-account-controller"
    private static let accountName = "default"

    public let name = Self.controllerName
    private let controller: Controller<NamespacedDefault>
    private let accounts: Informer

    public init(_ context: ControllerContext) {
        accounts = context.informers.informer(ServiceAccount.resource)
        let reconciler = NamespacedDefault(
            name: name, client: context.client(name),
            namespaces: context.informers.informer(Namespace.resource), objects: accounts,
            wanted: { namespace in
                APIObject(
                    apiVersion: "v1", kind: "ServiceAccount", namespace: namespace, name: Self.accountName)
            })
        controller = Controller(reconciler, queue: context.queue(), workers: 2)
    }

    public func run() async { await controller.reconciler.run(controller) }
}

/// Publishes the cluster's CA in every namespace, where pods mount it from.
public struct RootCAPublisher: RunnableController {
    static let controllerName = "root-ca-cert-publisher"

    public let name = Self.controllerName
    private let controller: Controller<NamespacedDefault>

    /// - Parameter certificate: the CA in PEM that the API server's certificate verifies against.
    public init(_ context: ControllerContext, certificate: String) {
        let reconciler = NamespacedDefault(
            name: name, client: context.client(name),
            namespaces: context.informers.informer(Namespace.resource),
            objects: context.informers.informer(ConfigMap.resource),
            wanted: { namespace in
                var map = APIObject(
                    apiVersion: "v1", kind: "ConfigMap", namespace: namespace, name: "kube-root-ca.crt")
                map[annotation: "kubernetes.io/description"] =
                    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc."
                map["data"] = ["ca.crt": .string(certificate)]
                return map
            })
        controller = Controller(reconciler, queue: context.queue(), workers: 2)
    }

    public func run() async { await controller.reconciler.run(controller) }
}
