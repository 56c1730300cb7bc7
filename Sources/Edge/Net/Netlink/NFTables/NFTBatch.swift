/// A transaction of nf_tables: all of it happens, at one moment for every packet, or nothing does.
public struct NFTBatch: Sendable {
    /// What one message does; for errors.
    struct Entry: Sendable {
        var request: NetlinkRequest
        let operation: String
        let object: String
    }

    private(set) var entries: [Entry] = []
    private var nextSetID: UInt32 = 1

    public init() {}

    public var isEmpty: Bool { entries.isEmpty }
    /// The number of messages.
    public var count: Int { entries.count }

    /// Adds a table; no error when it exists.
    public mutating func add(_ table: NFTTable) {
        append(NFTMessage.newTable, NLMFlag.create, table, "add table", "\(table)") { body in
            body.attribute(NFTA.Table.name, string: table.name)
        }
    }

    /// Deletes a table with everything in it; an error when there is none.
    public mutating func delete(_ table: NFTTable) {
        append(NFTMessage.delTable, 0, table, "delete table", "\(table)") { body in
            body.attribute(NFTA.Table.name, string: table.name)
        }
    }

    public mutating func add(_ chain: NFTChain, to table: NFTTable) {
        append(NFTMessage.newChain, NLMFlag.create, table, "add chain", chain.name) { body in
            body.attribute(NFTA.Chain.table, string: table.name)
            body.attribute(NFTA.Chain.name, string: chain.name)
            guard let hook = chain.hook else { return }
            body.nested(NFTA.Chain.hook) { data in
                data.attribute(NFTA.Hook.number, networkOrder: hook.point.rawValue)
                data.attribute(NFTA.Hook.priority, networkOrder: hook.priority)
            }
            body.attribute(NFTA.Chain.policy, networkOrder: hook.policy.rawValue)
            body.attribute(NFTA.Chain.type, string: hook.kind.rawValue)
        }
    }

    /// Deletes a chain without rules to which nothing refers any more.
    public mutating func deleteChain(_ name: String, of table: NFTTable) {
        append(NFTMessage.delChain, 0, table, "delete chain", name) { body in
            body.attribute(NFTA.Chain.table, string: table.name)
            body.attribute(NFTA.Chain.name, string: name)
        }
    }

    /// Deletes all rules of a chain.
    public mutating func flushChain(_ name: String, of table: NFTTable) {
        append(NFTMessage.delRule, 0, table, "flush chain", name) { body in
            body.attribute(NFTA.Rule.table, string: table.name)
            body.attribute(NFTA.Rule.chain, string: name)
        }
    }

    /// Adds a set or map without elements; no error when the same one exists.
    public mutating func add(_ set: NFTSet, to table: NFTTable) {
        append(set, name: set.name, id: takeSetID(), extraFlags: 0, elementCount: nil, table)
    }

    /// Deletes a set that no rule uses any more.
    public mutating func deleteSet(_ name: String, of table: NFTTable) {
        append(NFTMessage.delSet, 0, table, "delete set", name) { body in
            body.attribute(NFTA.Set.table, string: table.name)
            body.attribute(NFTA.Set.name, string: name)
        }
    }

    /// Adds elements; those that exist with the same data stay as they are.
    public mutating func add(_ elements: [NFTElement], to set: String, of table: NFTTable) {
        write(elements, NFTMessage.newElement, NLMFlag.create, "add elements", set, id: nil, table)
    }

    /// Deletes elements by their keys; one that does not exist fails the transaction.
    public mutating func delete(_ elements: [NFTElement], from set: String, of table: NFTTable) {
        write(elements, NFTMessage.delElement, 0, "delete elements", set, id: nil, table)
    }

    /// Appends a rule to a chain, and before it the anonymous sets that it uses.
    public mutating func append(_ rule: NFTRule, to chain: String, of table: NFTTable) {
        var list = NetlinkWriter()
        for expression in rule.expressions {
            expression.write(to: &list) { reference in
                switch reference {
                case .named(let name): return (name, nil)
                case .anonymous(let set, let elements):
                    return addAnonymous(set, elements, table)
                }
            }
        }
        append(NFTMessage.newRule, NLMFlag.create | NLMFlag.append, table, "add rule", chain) { body in
            body.attribute(NFTA.Rule.table, string: table.name)
            body.attribute(NFTA.Rule.chain, string: chain)
            body.nested(NFTA.Rule.expressions) { $0.append(list.bytes) }
            if let comment = rule.comment {
                let text = Array(comment.utf8.prefix(120)) + [0]
                let data = [NFTUserData.ruleComment, UInt8(text.count)] + text
                body.attribute(NFTA.Rule.userData, data)
            }
        }
    }

    private mutating func addAnonymous(
        _ set: NFTSet, _ elements: [NFTElement], _ table: NFTTable
    ) -> (name: String, id: UInt32?) {
        let name = set.value == .none ? "__set%d" : "__map%d"
        let id = takeSetID()
        append(
            set, name: name, id: id, extraFlags: NFTSetFlag.anonymous | NFTSetFlag.constant,
            elementCount: UInt32(elements.count), table)
        write(elements, NFTMessage.newElement, NLMFlag.create, "add elements", name, id: id, table)
        return (name, id)
    }

    private mutating func takeSetID() -> UInt32 {
        defer { nextSetID += 1 }
        return nextSetID
    }

    private mutating func append(
        _ set: NFTSet, name: String, id: UInt32, extraFlags: UInt32, elementCount: UInt32?, _ table: NFTTable
    ) {
        append(NFTMessage.newSet, NLMFlag.create, table, "add set", name) { body in
            body.attribute(NFTA.Set.table, string: table.name)
            body.attribute(NFTA.Set.name, string: name)
            body.attribute(NFTA.Set.flags, networkOrder: set.flags | extraFlags)
            body.attribute(NFTA.Set.keyType, networkOrder: set.key.typeNumber)
            body.attribute(NFTA.Set.keyLength, networkOrder: UInt32(set.key.length))
            var dataOrder: UInt32 = 0
            switch set.value {
            case .none: break
            case .data(let layout):
                body.attribute(NFTA.Set.dataType, networkOrder: layout.typeNumber)
                body.attribute(NFTA.Set.dataLength, networkOrder: UInt32(layout.length))
                dataOrder = layout.byteOrder
            case .verdict: body.attribute(NFTA.Set.dataType, networkOrder: NFTData.verdict)
            }
            body.attribute(NFTA.Set.id, networkOrder: id)
            body.setDescription(set, elementCount: elementCount)
            if let timeout = set.timeout, timeout > 0 {
                body.attribute(NFTA.Set.timeout, networkOrder: UInt64(timeout) * 1000)
            }
            var userData = NetlinkWriter()
            userData.append([NFTUserData.setKeyByteOrder, 4])
            userData.append(set.key.byteOrder)
            if set.value != .none {
                userData.append([NFTUserData.setDataByteOrder, 4])
                userData.append(dataOrder)
            }
            body.attribute(NFTA.Set.userData, userData.bytes)
        }
    }

    /// Elements in messages of at most some 32 KiB: a nested attribute's length has 16 bits.
    private mutating func write(
        _ elements: [NFTElement], _ type: UInt16, _ flags: UInt16, _ operation: String, _ set: String,
        id: UInt32?, _ table: NFTTable
    ) {
        var rest = elements[...]
        while !rest.isEmpty {
            append(type, flags, table, operation, "of \(set)") { body in
                body.attribute(NFTA.ElementList.table, string: table.name)
                body.attribute(NFTA.ElementList.set, string: set)
                if let id { body.attribute(NFTA.ElementList.setID, networkOrder: id) }
                body.nested(NFTA.ElementList.elements) { list in
                    let start = list.bytes.count
                    while let element = rest.popFirst() {
                        list.element(element)
                        if list.bytes.count - start > 32 << 10 { break }
                    }
                }
            }
        }
    }

    private mutating func append(
        _ type: UInt16, _ flags: UInt16, _ table: NFTTable, _ operation: String, _ object: String,
        _ body: (inout NetlinkWriter) -> Void
    ) {
        var request = NetlinkRequest(type: type, flags: flags)
        request.body.netfilterHeader(family: table.family.rawValue)
        body(&request.body)
        entries.append(Entry(request: request, operation: operation, object: object))
    }
}

extension NetlinkWriter {
    /// NFTA_SET_DESC: the size, and the field lengths of a concatenation of ranges.
    fileprivate mutating func setDescription(_ set: NFTSet, elementCount: UInt32?) {
        let size = set.size ?? elementCount
        let hasFields = set.flags & NFTSetFlag.concatenation != 0
        guard size != nil || hasFields else { return }
        nested(NFTA.Set.description) { data in
            if let size { data.attribute(NFTA.SetDescription.size, networkOrder: size) }
            guard hasFields else { return }
            data.nested(NFTA.SetDescription.concatenation) { fields in
                for field in set.key.fields {
                    fields.nested(NFTA.listElement) {
                        $0.attribute(NFTA.SetDescription.fieldLength, networkOrder: UInt32(field.length))
                    }
                }
            }
        }
    }

    fileprivate mutating func element(_ element: NFTElement) {
        nested(NFTA.listElement) { item in
            if element.isIntervalEnd {
                item.attribute(NFTA.Element.flags, networkOrder: NFTElementFlag.intervalEnd)
            }
            item.nested(NFTA.Element.key) { $0.attribute(NFTA.Data.value, element.key.bytes) }
            if let end = element.keyEnd {
                item.nested(NFTA.Element.keyEnd) { $0.attribute(NFTA.Data.value, end.bytes) }
            }
            switch element.value {
            case .none: break
            case .data(let data):
                item.nested(NFTA.Element.data) { $0.attribute(NFTA.Data.value, data.bytes) }
            case .verdict(let verdict): item.nested(NFTA.Element.data) { $0.verdict(verdict) }
            }
            if let timeout = element.timeout {
                item.attribute(NFTA.Element.timeout, networkOrder: timeout)
            }
            if let expiration = element.expiration {
                item.attribute(NFTA.Element.expiration, networkOrder: expiration)
            }
        }
    }
}
