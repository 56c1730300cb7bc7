internal import EdgeBase
internal import EdgeNetlink

extension RulesetBuilder {
    /// The chains of one Service port and its elements in the maps.
    func add(_ service: ServiceEntry, _ endpoints: EndpointSelection, to ruleset: inout Ruleset) {
        let names = ServiceChainNames(service)
        addClusterIPs(service, endpoints, names, to: &ruleset)
        addExternal(service, endpoints, names, to: &ruleset)
    }

    private func addClusterIPs(
        _ service: ServiceEntry, _ endpoints: EndpointSelection, _ names: ServiceChainNames,
        to ruleset: inout Ruleset
    ) {
        let policy = service.internalTrafficPolicy
        let keys = service.clusterIPs.compactMap { key($0, service) }
        if endpoints.targets(policy).isEmpty {
            refuse(keys, Name.unservedIPs, endpoints, to: &ruleset)
        } else {
            let chain = addChoice(policy, service, endpoints, names, to: &ruleset)
            for key in keys { ruleset.addElement(key, .verdict(.goto(chain)), to: Name.serviceIPs) }
        }
    }

    private func addExternal(
        _ service: ServiceEntry, _ endpoints: EndpointSelection, _ names: ServiceChainNames,
        to ruleset: inout Ruleset
    ) {
        let nodePorts = service.nodePort.map { [nodePortKey($0, service)] } ?? []
        let external = service.externalIPs.compactMap { key($0, service) }
        let balancer = service.loadBalancerIPs.compactMap { key($0, service) }
        guard !nodePorts.isEmpty || !external.isEmpty || !balancer.isEmpty else { return }
        // Of what the chain leaves untranslated the filter chains say that nobody is there.
        if endpoints.targets(service.externalTrafficPolicy).isEmpty {
            refuse(external + balancer, Name.unservedIPs, endpoints, to: &ruleset)
            refuse(nodePorts, Name.unservedNodePorts, endpoints, to: &ruleset)
        }
        guard !endpoints.cluster.isEmpty else { return }
        addExternalChain(service, endpoints, names, to: &ruleset)
        for key in nodePorts {
            ruleset.addElement(key, .verdict(.goto(names.external)), to: Name.nodePorts)
        }
        for key in external {
            ruleset.addElement(key, .verdict(.goto(names.external)), to: Name.serviceIPs)
        }
        guard !balancer.isEmpty else { return }
        let entry = addFirewall(service, names, to: &ruleset) ?? names.external
        for key in balancer { ruleset.addElement(key, .verdict(.goto(entry)), to: Name.serviceIPs) }
    }

    /// With policy Cluster every endpoint serves, and answers have to come back by this node. With policy
    /// Local this node's endpoints serve and see the client's address; what comes from pods and from this
    /// host has not come from outside and may use all endpoints.
    private func addExternalChain(
        _ service: ServiceEntry, _ endpoints: EndpointSelection, _ names: ServiceChainNames,
        to ruleset: inout Ruleset
    ) {
        let all = addChoice(.cluster, service, endpoints, names, to: &ruleset)
        var rules: [NFTRule]
        switch service.externalTrafficPolicy {
        case .cluster: rules = [NFTRule([.verdict(.jump(Name.mark))]), NFTRule([.verdict(.goto(all))])]
        case .local:
            rules = [
                NFTRule(Match.source(.equal, configuration.clusterCIDR) + [.verdict(.goto(all))]),
                NFTRule(Match.isLocal(.source) + [.verdict(.jump(Name.mark))]),
                NFTRule(Match.isLocal(.source) + [.verdict(.goto(all))]),
            ]
            if !endpoints.local.isEmpty {
                let local = addChoice(.local, service, endpoints, names, to: &ruleset)
                rules.append(NFTRule([.verdict(.goto(local))]))
            }
        }
        ruleset.addChain(names.external, rules)
    }

    /// The chain that lets only the source ranges in; nil when everybody may. Ranges of IPv6 alone let no
    /// IPv4 client in.
    private func addFirewall(
        _ service: ServiceEntry, _ names: ServiceChainNames, to ruleset: inout Ruleset
    ) -> String? {
        guard !service.loadBalancerSourceRanges.isEmpty else { return nil }
        let ranges = service.loadBalancerSourceRanges.filter(\.address.isIPv4).sorted {
            $0.description < $1.description
        }
        let rules = ranges.map {
            NFTRule(Match.source(.equal, $0.network) + [.verdict(.goto(names.external))])
        }
        ruleset.addChain(names.firewall, rules + [NFTRule([.verdict(.drop)])])
        return names.firewall
    }

    /// Adds the chain that sends a packet to one of the targets; the caller has made sure that there is one.
    private func addChoice(
        _ policy: TrafficPolicy, _ service: ServiceEntry, _ endpoints: EndpointSelection,
        _ names: ServiceChainNames, to ruleset: inout Ruleset
    ) -> String {
        let name = policy == .cluster ? names.cluster : names.local
        let targets = endpoints.targets(policy)
        if let timeout = service.affinityTimeout {
            for target in targets { addAffinity(target, timeout, service, names, to: &ruleset) }
            ruleset.addChain(name, affinityRules(targets, names))
        } else {
            ruleset.addChain(
                name, [NFTRule(Match.transport(service.portName.transport) + choice(targets))])
        }
        return name
    }

    private func choice(_ targets: [ProxyTarget]) -> [NFTExpression] {
        if targets.count == 1 {
            return [
                .immediate(targets[0].address.bytes, to: 0), .immediate(.port(targets[0].port), to: 1),
                Match.translate,
            ]
        }
        let map = NFTSet("", key: [.integer], value: .data([.ipv4Address, .port]))
        let elements = targets.enumerated().map { index, target in
            NFTElement(
                NFTKey(.hostOrder(UInt32(index))), .data(NFTKey(target.address.bytes, .port(target.port))))
        }
        return [
            .number(.random, modulus: UInt32(targets.count), to: 0),
            .lookup(.anonymous(map, elements), key: 0, .data(to: 0)), Match.translate,
        ]
    }

    /// A client that an endpoint's set remembers goes to this endpoint; another one to any.
    private func affinityRules(_ targets: [ProxyTarget], _ names: ServiceChainNames) -> [NFTRule] {
        var rules = targets.map { target in
            NFTRule([
                Match.sourceAddress, .lookup(.named(names.affinity(target)), key: 0, .member),
                .verdict(.goto(names.endpoint(target))),
            ])
        }
        if targets.count == 1 { return [NFTRule([.verdict(.goto(names.endpoint(targets[0])))])] }
        let map = NFTSet("", key: [.integer], value: .verdict)
        let elements = targets.enumerated().map { index, target in
            NFTElement(NFTKey(.hostOrder(UInt32(index))), .verdict(.goto(names.endpoint(target))))
        }
        rules.append(
            NFTRule([
                .number(.random, modulus: UInt32(targets.count), to: 0),
                .lookup(.anonymous(map, elements), key: 0, .verdict),
            ]))
        return rules
    }

    private func addAffinity(
        _ target: ProxyTarget, _ timeout: UInt32, _ service: ServiceEntry, _ names: ServiceChainNames,
        to ruleset: inout Ruleset
    ) {
        let set = names.affinity(target)
        // The time stands in the rule: another one leaves the set and the clients in it as they are.
        ruleset.addSet(NFTSet(set, key: [.ipv4Address], isDynamic: true, timeout: 0, size: 65_535))
        ruleset.addChain(
            names.endpoint(target),
            [
                NFTRule([
                    Match.sourceAddress,
                    .updateSet(.update, set: set, key: 0, data: nil, timeout: timeout),
                ]),
                NFTRule(Match.transport(service.portName.transport) + choice([target])),
            ])
    }

    /// Nobody serves: rejected when no node has an endpoint, so that the client knows at once; dropped when
    /// only this node has none, which is the policy's wish.
    private func refuse(
        _ keys: [NFTKey], _ map: String, _ endpoints: EndpointSelection, to ruleset: inout Ruleset
    ) {
        let verdict: NFTVerdict = endpoints.cluster.isEmpty ? .goto(Name.refuse) : .drop
        for key in keys { ruleset.addElement(key, .verdict(verdict), to: map) }
    }

    private func key(_ address: IPAddress, _ service: ServiceEntry) -> NFTKey? {
        guard address.isIPv4 else { return nil }
        return NFTKey(address.bytes, [service.portName.transport.rawValue], .port(service.port))
    }

    private func nodePortKey(_ port: UInt16, _ service: ServiceEntry) -> NFTKey {
        NFTKey([service.portName.transport.rawValue], .port(port))
    }
}

/// The names of a Service port's chains and sets.
struct ServiceChainNames {
    private let identifier: String

    init(_ service: ServiceEntry) {
        identifier = service.identifier
    }

    var cluster: String { "cluster-\(identifier)" }
    var local: String { "local-\(identifier)" }
    var external: String { "external-\(identifier)" }
    var firewall: String { "firewall-\(identifier)" }
    func endpoint(_ target: ProxyTarget) -> String {
        "endpoint-\(identifier)/\(target.address)/\(target.port)"
    }
    func affinity(_ target: ProxyTarget) -> String {
        "affinity-\(identifier)/\(target.address)/\(target.port)"
    }
}
