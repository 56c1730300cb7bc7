internal import EdgeAPIServer
internal import EdgeBase
internal import EdgeJoin
internal import EdgeKubelet
internal import EdgeTransport
internal import Logging
internal import NIOPosix

extension ControlPlane {
    /// What nodes have to know of this cluster.
    var facts: ClusterFacts {
        get throws {
            guard let pods = CIDR(options.clusterCIDR), let services = CIDR(options.serviceCIDR) else {
                throw CommandFailure("the cluster's networks are malformed")
            }
            return ClusterFacts(
                clusterCIDR: pods, serviceCIDR: services, dns: IPAddress(options.clusterDNS),
                domain: options.clusterDomain, gracePeriodSeconds: try options.gracePeriod / .seconds(1),
                clientAuthority: pki.client.certificate)
        }
    }

    /// Runs the node of the server's own host until the task is cancelled. What a node cannot do on this host is
    /// an error in the log: the control plane goes on.
    func startNode(_ options: NodeOptions, group: MultiThreadedEventLoopGroup) async throws {
        let name = options.nodeName ?? HostName.current
        let identity = UserInfo(
            name: "system:node:\(name)", groups: [UserInfo.Group.nodes, UserInfo.Group.authenticated])
        do {
            // Whoever reaches this kubelet has been authorized by the API server.
            let agent = try await NodeAgent.make(
                options, name: name, address: address, cluster: try facts,
                client: InProcessClient(server: api, user: identity), source: StoreObjectSource(store: store),
                group: group, timers: timers
            ) { _, _ in .allowed }
            nodes.setLocal(name, agent.handler)
            await agent.run()
        } catch {
            Logger(label: "edge.agent").error(
                "this host cannot be a node", metadata: ["node": "\(name)", "error": "\(error)"])
        }
    }
}
