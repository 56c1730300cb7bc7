internal import EdgeBase
internal import EdgeHost
internal import EdgeNetlink
internal import EdgeProxy
internal import EdgeSystem

/// Looks at this host for the doctor. What is tried happens where nobody sees it: in a network namespace of its own,
/// in a mount without a place.
struct HostExamination: Sendable {
    let location: HostLocation

    func facts() async throws -> HostFacts {
        try await BlockingPool.shared.run { [self] in
            var facts = HostFacts()
            facts.readSystem(dataDirectory: location.layout.data)
            facts.hostName = location.flag("node-name") ?? HostName.current
            facts.hasAddress = location.flag("node-ip") != nil || (try? HostAddress.detect()) != nil
            facts.isRunning = location.runningProcess != nil
            readPorts(&facts)
            guard facts.isRoot else { return facts }
            let dataPath = facts.dataPath
            facts.probe("overlayfs") { try KernelProbe.overlay(in: dataPath) }
            probeNetwork(&facts)
            readFirewall(&facts)
            return facts
        }
    }

    private func readPorts(_ facts: inout HostFacts) {
        let isAgent = location.arguments.first == "agent"
        let server = location.flag("https-listen-port").flatMap { UInt16($0) } ?? 6443
        if !isAgent {
            facts.ports.append(
                .init(server, isTaken: KernelProbe.isPortTaken(server), isEssential: true))
        }
        facts.ports.append(
            .init(8472, isUDP: true, isTaken: KernelProbe.isPortTaken(8472, udp: true), isEssential: false))
    }

    /// Interfaces and rules like edge's own, made in a namespace that vanishes with the last descriptor.
    private func probeNetwork(_ facts: inout HostFacts) {
        do {
            let namespace = try NetworkNamespace.create()
            let routes = try RouteClient(in: namespace)
            facts.probe("bridge") { try routes.createBridge(named: "edge-probe-b") }
            facts.probe("veth") {
                try routes.createVeth(named: "edge-probe-v", peerName: "edge-probe-p", peerNamespace: nil)
            }
            facts.probe("vxlan") {
                try routes.createVXLAN(
                    named: "edge-probe-x", VXLANSettings(id: 1, port: 8472, local: nil, device: nil))
            }
            facts.probe("nf_tables") {
                guard let pods = CIDR("10.42.0.0/16"), let services = CIDR("10.43.0.0/16") else { return }
                try ServiceProxy.probe(
                    ProxyConfiguration(
                        nodeName: "probe", clusterCIDR: pods, serviceCIDR: services, namespace: namespace))
            }
        } catch {
            facts.probes.append(("network namespaces", "\(error)"))
        }
    }

    private func readFirewall(_ facts: inout HostFacts) {
        if (try? KernelProbe.legacyForwardDrops()) == true {
            facts.droppingChains.append("iptables (legacy) FORWARD")
        }
        guard let tables = try? NFTablesClient(), let chains = try? tables.baseChains() else { return }
        let (ipv4, both, forward): (UInt8, UInt8, UInt32) = (2, 1, 2)
        for chain in chains where chain.hook == forward && [ipv4, both].contains(chain.family) && chain.drops
        {
            let family = chain.family == ipv4 ? "ip" : "inet"
            facts.droppingChains.append("nft chain \(family) \(chain.table) \(chain.name)")
        }
        facts.hasFirewalld = chains.contains { $0.table == "firewalld" && $0.hook == forward }
    }
}
