/// Makes one document's value out of events. Aliases share the value of their anchor, so they cost nothing
/// here; but what they would cost whoever writes the value out is counted, and excess is refused.
struct YAMLTreeBuilder {
    private(set) var duplicateKeys: [YAML.DuplicateKey] = []

    /// A finished value and how many scalars, sequences and mappings it has with its aliases expanded.
    private struct Node {
        var value: JSONValue
        var weight: Int
        /// Set for a plain scalar, whose type as a key differs from its type as a value.
        var isMergeKey = false
    }

    private var anchors: [String: Node?] = [:]
    private var depth = 0
    private var path: [PathStep] = []
    private var totalWeight = 0
    private var aliasWeight = 0

    private enum PathStep {
        case key(String)
        case index(Int)
    }

    mutating func document(_ reader: inout YAMLEventReader) throws(YAMLError) -> JSONValue {
        let value = try node(try reader.next(), &reader).value
        while true {
            if case .documentEnd = try reader.next().content { return value }
        }
    }

    private mutating func node(
        _ event: YAMLEvent, _ reader: inout YAMLEventReader
    ) throws(YAMLError) -> Node {
        if let anchor = event.anchor { anchors[anchor] = .some(nil) }
        var node: Node
        switch event.content {
        case .alias(let name): return try alias(name, event.line)
        case .scalar(let text, let tag, let isPlain):
            let value = try YAMLScalar.resolve(text, tag: tag, isPlain: isPlain, line: event.line)
            node = Node(value: value, weight: 1, isMergeKey: text == "<<" && isPlain && tag == nil)
            try count(1, isAlias: false, event.line)
        case .sequenceStart: node = try nested(event.line, &reader, isMapping: false)
        case .mappingStart: node = try nested(event.line, &reader, isMapping: true)
        default: throw YAMLError("unexpected end of a document", line: event.line)
        }
        if let anchor = event.anchor { anchors[anchor] = node }
        return node
    }

    private mutating func nested(
        _ line: Int, _ reader: inout YAMLEventReader, isMapping: Bool
    ) throws(YAMLError) -> Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= JSONParser.maximumDepth else {
            throw YAMLError("exceeded max depth of \(JSONParser.maximumDepth)", line: line)
        }
        try count(1, isAlias: false, line)
        return isMapping ? try mapping(&reader) : try sequence(&reader)
    }

    private mutating func alias(_ name: String, _ line: Int) throws(YAMLError) -> Node {
        guard let known = anchors[name] else {
            throw YAMLError("unknown anchor '\(name)' referenced", line: line)
        }
        guard let node = known else { throw YAMLError("anchor '\(name)' value contains itself", line: line) }
        try count(node.weight, isAlias: true, line)
        return node
    }

    /// The limit of go-yaml: small documents may consist of aliases, in large ones their share has to sink.
    private mutating func count(_ weight: Int, isAlias: Bool, _ line: Int) throws(YAMLError) {
        totalWeight = totalWeight.addingReportingOverflow(weight).partialValue
        guard isAlias else { return }
        aliasWeight = aliasWeight.addingReportingOverflow(weight).partialValue
        let low = 400_000.0
        let high = 4_000_000.0
        let share = min(0.99, max(0.10, 0.99 - 0.89 * (Double(totalWeight) - low) / (high - low)))
        if aliasWeight > 100, totalWeight > 1000, Double(aliasWeight) > share * Double(totalWeight) {
            throw YAMLError("document contains excessive aliasing", line: line)
        }
    }

    private mutating func sequence(_ reader: inout YAMLEventReader) throws(YAMLError) -> Node {
        var elements: [JSONValue] = []
        var weight = 1
        while true {
            let event = try reader.next()
            if case .sequenceEnd = event.content { return Node(value: .array(elements), weight: weight) }
            path.append(.index(elements.count))
            let element = try node(event, &reader)
            path.removeLast()
            weight += element.weight
            elements.append(element.value)
        }
    }

    private mutating func mapping(_ reader: inout YAMLEventReader) throws(YAMLError) -> Node {
        var members = MappingMembers()
        var merged: [JSONObject] = []
        var weight = 1
        while true {
            let event = try reader.next()
            if case .mappingEnd = event.content {
                return Node(value: .object(members.object(merging: merged)), weight: weight)
            }
            let keyNode = try node(event, &reader)
            weight += keyNode.weight
            if keyNode.isMergeKey {
                let source = try node(try reader.next(), &reader)
                weight += source.weight
                merged += try mergeSources(source.value, event.line)
                continue
            }
            let key = try YAMLScalar.key(keyNode.value, line: event.line)
            path.append(.key(key))
            let value = try node(try reader.next(), &reader)
            if !members.set(key, value.value) {
                duplicateKeys.append(.init(path: pathText, key: key, line: event.line))
            }
            path.removeLast()
            weight += value.weight
        }
    }

    /// The mappings behind `<<`, the one that counts most first.
    private func mergeSources(_ value: JSONValue, _ line: Int) throws(YAMLError) -> [JSONObject] {
        switch value {
        case .object(let object): return [object]
        case .array(let elements):
            let objects = elements.compactMap(\.object)
            if objects.count == elements.count { return objects }
        default: break
        }
        throw YAMLError("map merge requires map or sequence of maps as the value", line: line)
    }

    private var pathText: String {
        var text = ""
        for step in path {
            switch step {
            case .key(let key): text += text.isEmpty ? key : "." + key
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }
}

/// The members of a mapping being read. Large ones are found by hashing.
private struct MappingMembers {
    private var members: [JSONObject.Member] = []
    private var places: [String: Int] = [:]

    /// False when the key was there already.
    mutating func set(_ key: String, _ value: JSONValue) -> Bool {
        if let place = place(of: key) {
            members[place].value = value
            return false
        }
        members.append(.init(key, value))
        if members.count == 32 {
            for (place, member) in members.enumerated() { places[member.key] = place }
        } else if members.count > 32 {
            places[key] = members.count - 1
        }
        return true
    }

    private func place(of key: String) -> Int? {
        members.count < 32 ? members.firstIndex { $0.key == key } : places[key]
    }

    /// What stands in the mapping itself wins over what is merged into it.
    mutating func object(merging sources: [JSONObject]) -> JSONObject {
        for source in sources {
            for member in source.members where place(of: member.key) == nil {
                _ = set(member.key, member.value)
            }
        }
        return JSONObject(uniqueMembers: members)
    }
}
