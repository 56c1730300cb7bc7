internal import EdgeBase
internal import EdgeNetlink

/// Makes the ruleset of a state.
///
/// The chains, in the order in which a packet meets them:
///
///     nat-prerouting, nat-output   the first packet of a connection, of others and of this host
///       services                   one look-up by address, protocol and port; one for node ports; host ports
///         cluster-<service>        one of all endpoints
///         local-<service>          one of this node's endpoints
///         external-<service>       from outside: masquerade, or keep the source and stay on this node
///         firewall-<service>       a load balancer's source ranges
///         endpoint-<service>/...   with session affinity: remember the client, then translate
///     filter-input, -forward, -output   refuse what reaches a Service without endpoints. Network policy
///                                  belongs behind that, into chains of its own that these jump to.
///     nat-postrouting              masquerade
///
/// **Choice of endpoint.** Without session affinity a service chain is one rule: a random number, an
/// anonymous map from it to address and port, and the translation to what the map says. kube-proxy has a
/// chain for each endpoint instead, with a verdict map from the number to the chain; that costs a chain, two
/// rules and a jump for each endpoint, and a change of endpoints touches all of it. Here a change replaces
/// one rule. What kube-proxy needs the chains for, to masquerade a pod that reaches itself, is one set of the
/// addresses of this node's endpoints, looked up by source and destination behind the translation. Only
/// session affinity needs chains, since a client has to be noted for the endpoint it got.
///
/// **Not supported**, as in kube-proxy's nftables mode: node ports and host ports on 127.0.0.0/8.
struct RulesetBuilder {
    let configuration: ProxyConfiguration

    enum Name {
        static let services = "services"
        static let refuse = "refuse"
        static let mark = "mark-for-masquerade"
        static let masquerading = "masquerading"
        static let serviceCheck = "service-endpoints-check"
        static let nodePortCheck = "nodeport-endpoints-check"
        static let clusterIPCheck = "cluster-ips-check"

        static let serviceIPs = "service-ips"
        static let nodePorts = "service-nodeports"
        static let unservedIPs = "no-endpoint-services"
        static let unservedNodePorts = "no-endpoint-nodeports"
        static let hostPorts = "host-ports"
        static let hostPortsByAddress = "host-ports-by-address"
        static let hairpin = "hairpin"
    }

    func ruleset(_ state: ProxyState) -> Ruleset {
        var ruleset = Ruleset(configuration.table)
        addSets(to: &ruleset)
        addBaseChains(to: &ruleset)
        addServiceLookup(to: &ruleset)
        addRefusals(to: &ruleset)
        addMasquerading(to: &ruleset)
        // The order decides who keeps an address that two claim.
        for service in state.services.sorted(by: { $0.identifier < $1.identifier }) {
            add(service, EndpointSelection(state.endpoints[service.portName] ?? []), to: &ruleset)
            addHairpins(
                (state.endpoints[service.portName] ?? []).filter(\.isLocal).map(\.address), to: &ruleset)
        }
        for entry in state.hostPorts.sorted(by: { "\($0)" < "\($1)" }) { add(entry, to: &ruleset) }
        return ruleset
    }

    private func addSets(to ruleset: inout Ruleset) {
        let target: NFTSet.Value = .data([.ipv4Address, .port])
        for (name, value) in [
            (Name.serviceIPs, NFTSet.Value.verdict), (Name.unservedIPs, .verdict),
            (Name.hostPortsByAddress, target),
        ] {
            ruleset.addSet(NFTSet(name, key: [.ipv4Address, .ipProtocol, .port], value: value))
        }
        for (name, value) in [
            (Name.nodePorts, NFTSet.Value.verdict), (Name.unservedNodePorts, .verdict),
            (Name.hostPorts, target),
        ] {
            ruleset.addSet(NFTSet(name, key: [.ipProtocol, .port], value: value))
        }
        ruleset.addSet(NFTSet(Name.hairpin, key: [.ipv4Address, .ipv4Address]))
    }

    private func addBaseChains(to ruleset: inout Ruleset) {
        let services = NFTRule([.verdict(.jump(Name.services))])
        ruleset.addChain("nat-prerouting", hook: NFTHook(.nat, .prerouting, priority: -100), [services])
        ruleset.addChain("nat-output", hook: NFTHook(.nat, .output, priority: -100), [services])
        ruleset.addChain(
            "nat-postrouting", hook: NFTHook(.nat, .postrouting, priority: 100),
            [NFTRule([.verdict(.jump(Name.masquerading))])])
        func check(_ chain: String) -> NFTRule { NFTRule(Match.isNew + [.verdict(.jump(chain))]) }
        // A pod's packet that belongs to no connection has lost its translation: the other side would answer
        // it with a reset (kubernetes issue 74839).
        let stray = NFTRule(
            Match.source(.equal, configuration.clusterCIDR) + Match.isInvalid + [.verdict(.drop)])
        ruleset.addChain(
            "filter-forward", hook: NFTHook(.filter, .forward, priority: 0),
            [stray, check(Name.serviceCheck), check(Name.clusterIPCheck)])
        ruleset.addChain(
            "filter-output", hook: NFTHook(.filter, .output, priority: 0),
            [check(Name.serviceCheck), check(Name.clusterIPCheck)])
        ruleset.addChain(
            "filter-input", hook: NFTHook(.filter, .input, priority: 0),
            [check(Name.nodePortCheck), check(Name.serviceCheck)])
    }

    private func addServiceLookup(to ruleset: inout Ruleset) {
        let toClusterIP = Match.destination(.equal, configuration.serviceCIDR)
        let fromElsewhere = Match.source(.notEqual, configuration.clusterCIDR)
        ruleset.addChain(
            Name.services,
            [
                NFTRule(
                    toClusterIP + fromElsewhere + [.verdict(.jump(Name.mark))],
                    comment: "to cluster IPs from outside the pods' network"),
                NFTRule(Match.destination + [.lookup(.named(Name.serviceIPs), key: 0, .verdict)]),
                NFTRule(Match.reachesHost + Match.port + [.lookup(.named(Name.nodePorts), key: 0, .verdict)]),
                NFTRule(
                    Match.destination
                        + [.lookup(.named(Name.hostPortsByAddress), key: 0, .data(to: 0)), Match.translate]),
                NFTRule(
                    Match.reachesHost + Match.port
                        + [.lookup(.named(Name.hostPorts), key: 0, .data(to: 0)), Match.translate]),
            ])
        ruleset.addChain(Name.mark, [NFTRule(Match.setMark(configuration.masqueradeMark))])
    }

    private func addRefusals(to ruleset: inout Ruleset) {
        ruleset.addChain(
            Name.serviceCheck,
            [NFTRule(Match.destination + [.lookup(.named(Name.unservedIPs), key: 0, .verdict)])])
        ruleset.addChain(
            Name.nodePortCheck,
            [
                NFTRule(
                    Match.reachesHost + Match.port
                        + [.lookup(.named(Name.unservedNodePorts), key: 0, .verdict)])
            ])
        ruleset.addChain(
            Name.clusterIPCheck,
            [
                NFTRule(
                    Match.destination(.equal, configuration.serviceCIDR) + [.verdict(.goto(Name.refuse))],
                    comment: "no port of a Service")
            ])
        ruleset.addChain(
            Name.refuse,
            [NFTRule(Match.transport(.tcp) + [.reject(.tcpReset)]), NFTRule([.reject(.icmp(code: 3))])])
    }

    private func addMasquerading(to ruleset: inout Ruleset) {
        let mark = configuration.masqueradeMark
        var rules = [
            NFTRule(Match.isMarked(mark) + Match.clearMark(mark) + [.masquerade]),
            NFTRule(
                [
                    Match.sourceAddress, .payload(.network, offset: 16, length: 4, to: 1),
                    .lookup(.named(Name.hairpin), key: 0, .member), .masquerade,
                ], comment: "a pod that reaches itself"),
        ]
        if configuration.masqueradesEgress, let multicast = CIDR("224.0.0.0/4") {
            rules.append(
                NFTRule(
                    Match.leavesHost + Match.source(.equal, configuration.clusterCIDR)
                        + Match.destination(.notEqual, configuration.clusterCIDR)
                        + Match.destination(.notEqual, multicast) + [.masquerade],
                    comment: "from pods to outside"))
        }
        ruleset.addChain(Name.masquerading, rules)
    }

    func addHairpins(_ addresses: [IPAddress], to ruleset: inout Ruleset) {
        for address in addresses where configuration.clusterCIDR.contains(address) {
            ruleset.addElement(NFTKey(address.bytes, address.bytes), to: Name.hairpin)
        }
    }

    private func add(_ entry: HostPortEntry, to ruleset: inout Ruleset) {
        guard case .v4(let pod) = entry.podIP else { return }
        let value = NFTElement.Value.data(NFTKey(pod.bytes, .port(entry.podPort)))
        switch entry.hostIP {
        case .v4(let address)? where address != .any:
            ruleset.addElement(
                NFTKey(address.bytes, [entry.transport.rawValue], .port(entry.hostPort)), value,
                to: Name.hostPortsByAddress)
        case nil, .v4, .v6(.any):
            ruleset.addElement(
                NFTKey([entry.transport.rawValue], .port(entry.hostPort)), value, to: Name.hostPorts)
        case .v6: return
        }
        addHairpins([entry.podIP], to: &ruleset)
    }
}
