internal import EdgeAPIServer
internal import EdgeBase
internal import EdgeKubelet
internal import Logging
internal import NIOPosix

extension ControlPlane {
    /// Runs the node of the server's own host until the task is cancelled. What a node cannot do on this host is
    /// an error in the log: the control plane goes on.
    func startNode(_ options: NodeOptions, group: MultiThreadedEventLoopGroup) async throws {
        let name = options.nodeName ?? HostName.current
        guard let pods = CIDR(self.options.clusterCIDR), let services = CIDR(self.options.serviceCIDR) else {
            return
        }
        let identity = UserInfo(
            name: "system:node:\(name)", groups: [UserInfo.Group.nodes, UserInfo.Group.authenticated])
        do {
            let agent = try await NodeAgent.make(
                options, name: name, address: address,
                cluster: .init(
                    podCIDR: pods, serviceCIDR: services, dns: IPAddress(self.options.clusterDNS),
                    domain: self.options.clusterDomain),
                client: InProcessClient(server: api, user: identity), source: StoreObjectSource(store: store),
                group: group, timers: timers)
            api.attach(nodes: LocalNode(nodeName: name, kubelet: agent.handler))
            await agent.run()
        } catch {
            Logger(label: "edge.agent").error(
                "this host cannot be a node", metadata: ["node": "\(name)", "error": "\(error)"])
        }
    }
}
