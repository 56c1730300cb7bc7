/// The CNAMEs that lead from the name asked for to one outside the cluster: what an ExternalName Service is.
struct AliasChain: Sendable {
    /// More steps than this are taken for a loop.
    static let maximumLength = 8

    private(set) var steps: [(owner: WireName, target: WireName)] = []

    /// False when the chain is too long.
    mutating func append(_ owner: WireName, _ target: WireName) -> Bool {
        steps.append((owner, target))
        return steps.count <= Self.maximumLength
    }

    func write(to writer: inout ReplyWriter, ttl: UInt32) {
        for step in steps { writer.add(.answer, step.owner, .cname, ttl: ttl, .name(step.target)) }
    }
}
