internal import EdgeNetlink

extension Ruleset {
    /// The transaction that makes this ruleset of another one; nil when a chain has got another hook or a set
    /// another definition, which takes a replacement. Elements are changed one by one; a chain of which a
    /// rule differs gets all its rules anew, which no packet notices.
    ///
    /// The order is the kernel's: what is referred to comes before what refers to it, and goes after it.
    func changes(from old: Ruleset) -> NFTBatch? {
        for (name, chain) in chains where (old.chains[name] ?? chain).hook != chain.hook { return nil }
        for (name, set) in sets where (old.sets[name] ?? set).definition != set.definition { return nil }
        var batch = NFTBatch()
        let removedChains = old.chains.keys.filter { chains[$0] == nil }.sorted()
        let removedSets = old.sets.keys.filter { sets[$0] == nil }.sorted()
        let changed = chains.keys.filter { old.chains[$0] != chains[$0] }.sorted()

        for (name, chain) in sorted(chains) where old.chains[name] == nil {
            batch.add(NFTChain(name, hook: chain.hook), to: table)
        }
        for (name, set) in sorted(sets) where old.sets[name] == nil { batch.add(set.definition, to: table) }
        for (name, set) in sorted(old.sets) where sets[name] != nil {
            let gone = set.elements.filter { sets[name]?.elements[$0.key] != $0.value }
            batch.delete(elements(gone.mapValues { _ in .none }), from: name, of: table)
        }
        for name in changed + removedChains where !(old.chains[name]?.rules.isEmpty ?? true) {
            batch.flushChain(name, of: table)
        }
        for name in removedSets { batch.deleteSet(name, of: table) }
        for name in changed {
            for rule in chains[name]?.rules ?? [] { batch.append(rule, to: name, of: table) }
        }
        for (name, set) in sorted(sets) {
            let existing = old.sets[name]?.elements ?? [:]
            batch.add(elements(set.elements.filter { existing[$0.key] != $0.value }), to: name, of: table)
        }
        for name in removedChains { batch.deleteChain(name, of: table) }
        return batch
    }

    /// The transaction that puts this ruleset in the place of whatever the table held, at one moment. `kept`
    /// are elements of sets that rules fill, so that clients stay with their endpoints.
    func replacement(keeping kept: [String: [NFTElement]] = [:]) -> NFTBatch {
        var batch = NFTBatch()
        batch.add(table)
        batch.delete(table)
        batch.add(table)
        for (name, chain) in sorted(chains) { batch.add(NFTChain(name, hook: chain.hook), to: table) }
        for (name, set) in sorted(sets) {
            batch.add(set.definition, to: table)
            batch.add(elements(set.elements) + (kept[name] ?? []), to: name, of: table)
        }
        for (name, chain) in sorted(chains) {
            for rule in chain.rules { batch.append(rule, to: name, of: table) }
        }
        return batch
    }

    private func elements(_ table: [NFTKey: NFTElement.Value]) -> [NFTElement] {
        table.map { NFTElement($0.key, $0.value) }
            .sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
    }

    private func sorted<Value>(_ table: [String: Value]) -> [(key: String, value: Value)] {
        table.sorted { $0.key < $1.key }
    }
}
