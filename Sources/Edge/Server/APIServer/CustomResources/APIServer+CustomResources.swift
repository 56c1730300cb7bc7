internal import EdgeAPI
public import NIOCore

extension APIServer {
    /// Brings CustomResourceDefinitions into effect until the task is cancelled.
    public func runCustomResources() async {
        await CustomResourceController(registry: registry, table: customResources, clock: clock).run()
    }

    /// Where requests are handled, and connections to webhooks and aggregated API servers live.
    public func useEventLoops(_ group: any EventLoopGroup) {
        fairness.use(group)
        outbound.use(group)
    }
}
