internal import Glibc

/// nf_tables of one network namespace. Calls block as long as the kernel takes (a commit some milliseconds);
/// the client belongs to one thread or one actor at a time.
public final class NFTablesClient {
    let session: NetlinkSession

    /// In the given namespace, or in the calling thread's.
    public convenience init(in namespace: NetworkNamespace? = nil) throws {
        self.init(socket: try namespace.run { try KernelNetlinkSocket(.netfilter) })
    }

    init(socket: any NetlinkSocket) {
        session = NetlinkSession(socket)
    }

    /// Commits a batch. With a generation, only if no table of the namespace has changed since that
    /// generation was read (ERESTART otherwise).
    public func commit(_ batch: NFTBatch, ifGeneration generation: UInt32? = nil) throws {
        if batch.isEmpty { return }
        var begin = NetlinkRequest(type: NFNL.batchBegin)
        begin.body.netfilterHeader(family: 0, resource: NFNL.nfTables)
        if let generation { begin.body.attribute(NFNL.Batch.generation, networkOrder: generation) }
        var end = NetlinkRequest(type: NFNL.batchEnd)
        end.body.netfilterHeader(family: 0, resource: NFNL.nfTables)
        let entries = batch.entries
        try session.transact([begin] + entries.map(\.request) + [end]) { index in
            // An error of the commit as a whole is reported for the message that begins the batch.
            guard entries.indices.contains(index - 1) else { return ("commit", "nf_tables batch") }
            return (entries[index - 1].operation, entries[index - 1].object)
        }
    }

    /// The number that every commit of any table increases.
    public func generation() throws -> UInt32 {
        var request = NetlinkRequest(type: NFTMessage.getGeneration)
        request.body.netfilterHeader(family: 0)
        let answer = try session.query(request, "get", "nf_tables generation").netfilter().attributes
        return answer.networkOrder(NFTA.Generation.id) ?? 0
    }

    public func tables() throws -> [NFTTable] {
        var request = NetlinkRequest(type: NFTMessage.getTable)
        request.body.netfilterHeader(family: 0)
        return try session.dump(request, "list", "tables").compactMap { try NFTTable($0) }
    }

    /// Deletes a table with all it holds; false when there was none.
    @discardableResult
    public func deleteTable(_ table: NFTTable) throws -> Bool {
        var batch = NFTBatch()
        batch.delete(table)
        do {
            try commit(batch)
            return true
        } catch let error as NetlinkError where error.errno == ENOENT {
            return false
        }
    }

    /// The names of a table's chains, base chains included.
    public func chains(of table: NFTTable) throws -> [String] {
        try dump(NFTMessage.getChain, "list chains", of: table) { attributes in
            guard attributes.string(NFTA.Chain.table) == table.name else { return nil }
            return attributes.string(NFTA.Chain.name)
        }
    }

    /// The base chains of all tables: those that the kernel calls at its hooks.
    public func baseChains() throws -> [NFTBaseChain] {
        var request = NetlinkRequest(type: NFTMessage.getChain)
        request.body.netfilterHeader(family: 0)
        return try session.dump(request, "list", "chains").compactMap { message in
            let content = try message.netfilter()
            guard
                let hook = try content.attributes.nested(NFTA.Chain.hook).networkOrder(
                    NFTA.Hook.number, as: UInt32.self),
                let table = content.attributes.string(NFTA.Chain.table),
                let name = content.attributes.string(NFTA.Chain.name)
            else { return nil }
            let policy = content.attributes.networkOrder(NFTA.Chain.policy, as: UInt32.self)
            return NFTBaseChain(
                family: content.family, table: table, name: name, hook: hook, drops: policy == 0)
        }
    }

    /// The rules of a table as far as reconciliation needs them.
    public func rules(of table: NFTTable) throws -> [NFTRuleListing] {
        try dump(NFTMessage.getRule, "list rules", of: table) { attributes in
            guard attributes.string(NFTA.Rule.table) == table.name,
                let chain = attributes.string(NFTA.Rule.chain),
                let handle = attributes.networkOrder(NFTA.Rule.handle, as: UInt64.self)
            else { return nil }
            return NFTRuleListing(
                chain: chain, handle: handle, comment: attributes[NFTA.Rule.userData].flatMap(Self.comment))
        }
    }

    /// The names of a table's sets and maps, without the anonymous ones of rules.
    public func sets(of table: NFTTable) throws -> [String] {
        try dump(NFTMessage.getSet, "list sets", of: table) { attributes in
            let flags = attributes.networkOrder(NFTA.Set.flags, as: UInt32.self) ?? 0
            guard attributes.string(NFTA.Set.table) == table.name, flags & NFTSetFlag.anonymous == 0 else {
                return nil
            }
            return attributes.string(NFTA.Set.name)
        }
    }

    /// The elements of a set; nil when there is no such set.
    public func elements(of set: String, in table: NFTTable) throws -> [NFTElement]? {
        var request = NetlinkRequest(type: NFTMessage.getElement)
        request.body.netfilterHeader(family: table.family.rawValue)
        request.body.attribute(NFTA.ElementList.table, string: table.name)
        request.body.attribute(NFTA.ElementList.set, string: set)
        do {
            return try session.dump(request, "list elements", "of \(set)").flatMap { message in
                try message.netfilter().attributes.nested(NFTA.ElementList.elements).list
                    .map { try NFTElement(NetlinkAttributes(of: $0.value)) }
            }
        } catch let error as NetlinkError where error.errno == ENOENT {
            return nil
        }
    }

    private func dump<Item>(
        _ type: UInt16, _ operation: String, of table: NFTTable, _ body: (NetlinkAttributes) throws -> Item?
    ) throws -> [Item] {
        var request = NetlinkRequest(type: type)
        request.body.netfilterHeader(family: table.family.rawValue)
        // NFTA_CHAIN_TABLE, NFTA_RULE_TABLE and NFTA_SET_TABLE are one number.
        request.body.attribute(NFTA.Rule.table, string: table.name)
        do {
            return try session.dump(request, operation, "of \(table)")
                .compactMap { try body($0.netfilter().attributes) }
        } catch let error as NetlinkError where error.errno == ENOENT {
            return []
        }
    }

    private static func comment(_ userData: ArraySlice<UInt8>) -> String? {
        var rest = userData
        while let type = rest.popFirst(), let length = rest.popFirst() {
            let value = rest.prefix(Int(length))
            if type == NFTUserData.ruleComment {
                return String(decoding: value.prefix { $0 != 0 }, as: UTF8.self)
            }
            rest = rest.dropFirst(Int(length))
        }
        return nil
    }
}

/// A chain that the kernel calls at a hook.
public struct NFTBaseChain: Hashable, Sendable {
    /// NFPROTO: 2 is IPv4, 10 IPv6, 1 both.
    public let family: UInt8
    public let table: String
    public let name: String
    /// NF_INET: 0 prerouting, 1 input, 2 forward, 3 output, 4 postrouting.
    public let hook: UInt32
    /// Packets that no rule decides on are dropped.
    public let drops: Bool
}

/// A rule as a dump shows it.
public struct NFTRuleListing: Hashable, Sendable {
    public let chain: String
    public let handle: UInt64
    public let comment: String?
}

extension NFTElement {
    init(_ attributes: NetlinkAttributes) throws {
        let data = try attributes.nested(NFTA.Element.data)
        var value = Value.none
        if let bytes = data[NFTA.Data.value] {
            value = .data(NFTKey(bytes: Array(bytes)))
        } else if data[NFTA.Data.verdict] != nil {
            let verdict = try data.nested(NFTA.Data.verdict)
            value = .verdict(
                try NFTVerdict(
                    code: verdict.networkOrder(NFTA.Verdict.code) ?? 0,
                    chain: verdict.string(NFTA.Verdict.chain)))
        }
        let flags = attributes.networkOrder(NFTA.Element.flags, as: UInt32.self) ?? 0
        self.init(
            NFTKey(bytes: Array(try attributes.nested(NFTA.Element.key)[NFTA.Data.value] ?? [])), value,
            keyEnd: try attributes.nested(NFTA.Element.keyEnd)[NFTA.Data.value].map {
                NFTKey(bytes: Array($0))
            },
            isIntervalEnd: flags & NFTElementFlag.intervalEnd != 0,
            timeout: attributes.networkOrder(NFTA.Element.timeout),
            expiration: attributes.networkOrder(NFTA.Element.expiration))
    }
}

extension NFTVerdict {
    init(code: Int32, chain: String?) throws {
        switch (code, chain) {
        case (0, _): self = .drop
        case (1, _): self = .accept
        case (-1, _): self = .continue
        case (-5, _): self = .return
        case (-3, let chain?): self = .jump(chain)
        case (-4, let chain?): self = .goto(chain)
        default: throw NetlinkFormatError(what: "verdict", detail: "code \(code) is not known")
        }
    }
}
