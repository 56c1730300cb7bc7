internal import EdgeNetlink

/// The contents of the proxy's table as a value: compared, traced by tests, and turned into what the kernel
/// needs to get from one to the next.
struct Ruleset: Equatable, Sendable {
    struct Chain: Equatable, Sendable {
        var hook: NFTHook?
        var rules: [NFTRule]
    }

    struct Table: Equatable, Sendable {
        var definition: NFTSet
        /// Empty for a set that rules fill.
        var elements: [NFTKey: NFTElement.Value] = [:]
    }

    let table: NFTTable
    var chains: [String: Chain] = [:]
    var sets: [String: Table] = [:]

    init(_ table: NFTTable) {
        self.table = table
    }

    mutating func addChain(_ name: String, hook: NFTHook? = nil, _ rules: [NFTRule]) {
        chains[name] = Chain(hook: hook, rules: rules)
    }

    mutating func addSet(_ definition: NFTSet) {
        sets[definition.name] = Table(definition: definition)
    }

    /// The first one to name a key keeps it: two Services cannot both have an address and port.
    mutating func addElement(_ key: NFTKey, _ value: NFTElement.Value = .none, to set: String) {
        if sets[set]?.elements[key] == nil { sets[set]?.elements[key] = value }
    }
}
