internal import EdgeAPI
public import NIOCore

extension APIServer {
    /// Brings CustomResourceDefinitions into effect until the task is cancelled.
    public func runCustomResources() async {
        await CustomResourceController(registry: registry, table: customResources, clock: clock).run()
    }

    /// Where connections to webhooks live.
    public func useEventLoops(_ group: any EventLoopGroup) {
        conversionWebhooks.use(group)
    }
}
