internal import EdgeAPI
internal import EdgeJSON

/// Affinity and anti-affinity between pods, within topology domains (nodes that share a label's value).
/// What matters of the existing pods is counted once per cycle.
struct InterPodAffinity: Sendable {
    private struct Domain: Hashable {
        let key: String
        let value: String
    }

    private let pod: PodInfo
    /// Domains in which an existing pod's anti-affinity forbids this pod.
    private var forbidden: Set<Domain> = []
    /// Per required term of this pod: the domains with a matching pod.
    private var affine: [Set<Domain>]
    private var antiAffine: [Set<Domain>]
    private var weights: [Domain: Int] = [:]

    init(_ pod: PodInfo, _ snapshot: ClusterSnapshot) {
        self.pod = pod
        affine = pod.requiredAffinity.map { _ in [] }
        antiAffine = pod.requiredAntiAffinity.map { _ in [] }
        let affinity = pod.pod.spec.affinity
        let attractions = affinity?.podAffinity?.preferred ?? []
        let repulsions = affinity?.podAntiAffinity?.preferred ?? []
        for (node, existing) in snapshot.allPods {
            for term in existing.requiredAntiAffinity where Self.matches(term, of: existing, pod) {
                if let domain = Self.domain(term, node) { forbidden.insert(domain) }
            }
            for (index, term) in pod.requiredAffinity.enumerated() where Self.matches(term, of: pod, existing)
            {
                if let domain = Self.domain(term, node) { affine[index].insert(domain) }
            }
            for (index, term) in pod.requiredAntiAffinity.enumerated()
            where Self.matches(term, of: pod, existing) {
                if let domain = Self.domain(term, node) { antiAffine[index].insert(domain) }
            }
            weigh(attractions, sign: 1, existing, node)
            weigh(repulsions, sign: -1, existing, node)
        }
    }

    private mutating func weigh(
        _ terms: [WeightedPodAffinityTerm], sign: Int, _ existing: PodInfo, _ node: NodeInfo
    ) {
        for weighted in terms where Self.matches(weighted.podAffinityTerm, of: pod, existing) {
            if let domain = Self.domain(weighted.podAffinityTerm, node) {
                weights[domain, default: 0] += sign * weighted.weight
            }
        }
    }

    func filter(_ node: NodeInfo) -> FilterResult {
        for domain in forbidden where node.labels[domain.key] == domain.value {
            return .rejected("node(s) didn't satisfy existing pods anti-affinity rules")
        }
        for (index, term) in pod.requiredAntiAffinity.enumerated() {
            if let domain = Self.domain(term, node), antiAffine[index].contains(domain) {
                return .rejected("node(s) didn't match pod anti-affinity rules")
            }
        }
        for (index, term) in pod.requiredAffinity.enumerated() {
            guard let domain = Self.domain(term, node) else {
                return .rejected("node(s) didn't match pod affinity rules")
            }
            if affine[index].contains(domain) { continue }
            // The first pod of a group that wants to be with its like may go anywhere.
            if affine.allSatisfy(\.isEmpty), Self.matches(term, of: pod, pod) { continue }
            return .rejected("node(s) didn't match pod affinity rules")
        }
        return .fits
    }

    func score(_ node: NodeInfo) -> Int {
        weights.reduce(0) { sum, entry in
            node.labels[entry.key.key] == entry.key.value ? sum + entry.value : sum
        }
    }

    private static func domain(_ term: PodAffinityTerm, _ node: NodeInfo) -> Domain? {
        node.labels[term.topologyKey].map { Domain(key: term.topologyKey, value: $0) }
    }

    /// Whether `other` is one of the pods that a term of `owner` speaks of.
    private static func matches(_ term: PodAffinityTerm, of owner: PodInfo, _ other: PodInfo) -> Bool {
        let hasNamespaceSelector = term.json["namespaceSelector"] != nil
        let namespaces =
            term.namespaces.isEmpty && !hasNamespaceSelector ? [owner.namespace] : term.namespaces
        let isInScope =
            namespaces.contains(other.namespace)
            || (hasNamespaceSelector && term.json["namespaceSelector"]?.object?.isEmpty == true)
        return isInScope && term.labelSelector.matches(other.labels)
    }
}
