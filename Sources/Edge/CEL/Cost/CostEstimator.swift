/// Estimates what an expression costs from the sizes that its literals have and schemas allow, by the rules
/// that cel-go's checker and Kubernetes' libraries have for it.
struct CostEstimator {
    /// How large the keys and the values of a list or map are that the expression makes itself.
    struct Entries {
        let isList: Bool
        let key: CELCostRange
        let value: CELCostRange

        func union(_ other: Entries?) -> Entries? {
            other.map { Entries(isList: isList, key: key.union($0.key), value: value.union($0.value)) }
        }
    }

    private struct Local {
        let name: String
        let schema: CELSchema?
        let size: CELCostRange?
        let entries: Entries?
    }

    private let variables: [String: CELSchema]
    private var locals: [Local] = []
    private var sizes: [ObjectIdentifier: CELCostRange] = [:]
    private var entries: [ObjectIdentifier: Entries] = [:]
    /// The schemas of nodes that are reached from variables by fields and indexes.
    private var schemas: [ObjectIdentifier: CELSchema] = [:]

    init(variables: [String: CELSchema]) { self.variables = variables }

    mutating func cost(_ node: Expression) -> CELCostRange {
        switch node.kind {
        case .literal: return .fixed(0)
        case .identifier(let name):
            if let schema = schema(ofVariable: name) { setSchema(node, schema) }
            return .fixed(CELCost.access)
        case .select(let operand, let field, let isTest): return select(node, operand, field, isTest)
        case .call(let name, let target, let arguments): return call(node, name, target, arguments)
        case .list(let elements, _): return list(node, elements)
        case .map(let entries): return map(node, entries)
        case .object(_, let fields):
            return fields.reduce(.fixed(CELCost.objectCreation)) { sum, field in sum + cost(field.value) }
        case .comprehension(let fold): return comprehension(node, fold)
        }
    }

    // MARK: what is known of nodes

    private func schema(ofVariable name: String) -> CELSchema? {
        if let local = local(name) { return local.schema }
        return variables[name.hasPrefix(".") ? String(name.dropFirst()) : name]
    }

    private func local(_ name: String) -> Local? { locals.last { $0.name == name } }

    func schema(_ node: Expression) -> CELSchema? {
        if let name = node.identifier { return schema(ofVariable: name) }
        return schemas[ObjectIdentifier(node)]
    }

    mutating func setSchema(_ node: Expression, _ schema: CELSchema?) {
        if let schema { schemas[ObjectIdentifier(node)] = schema }
    }

    mutating func setSize(_ node: Expression, _ size: CELCostRange?) {
        if let size { sizes[ObjectIdentifier(node)] = size }
    }

    mutating func setEntries(_ node: Expression, _ found: Entries?) {
        if let found { entries[ObjectIdentifier(node)] = found }
    }

    func entries(_ node: Expression) -> Entries? {
        if let found = entries[ObjectIdentifier(node)] { return found }
        return node.identifier.flatMap { local($0)?.entries }
    }

    /// The size of a node's value, where something is known of it.
    func size(_ node: Expression) -> CELCostRange? {
        if let size = sizes[ObjectIdentifier(node)] { return size }
        switch node.kind {
        case .literal(let value):
            if case .type = value { break }
            return .fixed(value.costSize)
        case .list(let elements, _): return .fixed(UInt64(elements.count))
        case .map(let entries): return .fixed(UInt64(entries.count))
        default: break
        }
        if let schema = schema(node) { return CELCostRange(0, schema.maximumSize) }
        if Self.isScalar(node.type) { return .fixed(1) }
        return node.identifier.flatMap { local($0)?.size }
    }

    func sizeOrUnknown(_ node: Expression) -> CELCostRange { size(node) ?? .unknown }

    static func isScalar(_ type: CELType) -> Bool {
        switch type {
        case .bool, .int, .uint, .double, .timestamp, .duration, .type: true
        case .optional(let inner): isScalar(inner)
        default: false
        }
    }

    mutating func copySizes(to node: Expression, from other: Expression) {
        setSize(node, size(other))
        setEntries(node, entries(other))
    }

    // MARK: nodes

    private mutating func select(
        _ node: Expression, _ operand: Expression, _ field: String, _ isTest: Bool
    ) -> CELCostRange {
        var sum = cost(operand)
        if isTest { return sum }
        switch operand.type {
        case .map, .object, .opaque: sum = sum + .fixed(CELCost.access)
        default: break
        }
        if let schema = schema(operand), case .object(let type) = schema.type {
            setSchema(node, type.field(field)?.schema)
        }
        return sum
    }

    private mutating func list(_ node: Expression, _ elements: [Expression]) -> CELCostRange {
        var sum = CELCostRange.fixed(CELCost.listCreation)
        var size = CELCostRange(elements.isEmpty ? 0 : .max, 0)
        for element in elements {
            sum = sum + cost(element)
            size = size.union(sizeOrUnknown(element))
        }
        setEntries(node, Entries(isList: true, key: .fixed(1), value: size))
        return sum
    }

    private mutating func map(_ node: Expression, _ entries: [Expression.Entry]) -> CELCostRange {
        var sum = CELCostRange.fixed(CELCost.mapCreation)
        var key = CELCostRange(entries.isEmpty ? 0 : .max, 0)
        var value = key
        for entry in entries {
            sum = sum + cost(entry.key)
            sum = sum + cost(entry.value)
            key = key.union(sizeOrUnknown(entry.key))
            value = value.union(sizeOrUnknown(entry.value))
        }
        setEntries(node, Entries(isList: false, key: key, value: value))
        return sum
    }

    // MARK: comprehensions

    private mutating func comprehension(_ node: Expression, _ fold: Expression.Comprehension) -> CELCostRange
    {
        if case .literal(.bool(false)) = fold.condition.kind { return bind(node, fold) }
        var sum = cost(fold.range)
        sum = sum + cost(fold.initial)
        pushLocal(fold.accumulator, fold.initial)
        let added = pushElements(fold)
        let condition = cost(fold.condition)
        let step = cost(fold.step)
        locals.removeLast(added)
        sum = sum + cost(fold.result)
        locals.removeLast()
        let count = sizeOrUnknown(fold.range)
        sum = sum + count * (step + condition)
        switch fold.initial.kind {
        case .literal: setSize(node, size(fold.initial))
        case .list, .map:
            setSize(node, count)
            setEntries(node, entries(fold.step))
        default: break
        }
        return sum
    }

    private mutating func bind(_ node: Expression, _ fold: Expression.Comprehension) -> CELCostRange {
        var sum = cost(fold.range)
        sum = sum + cost(fold.initial)
        pushLocal(fold.accumulator, fold.initial)
        sum = sum + cost(fold.result)
        locals.removeLast()
        copySizes(to: node, from: fold.result)
        return sum
    }

    private mutating func pushLocal(_ name: String, _ value: Expression) {
        locals.append(Local(name: name, schema: schema(value), size: size(value), entries: entries(value)))
    }

    /// The variables of a fold; returns how many they are.
    private mutating func pushElements(_ fold: Expression.Comprehension) -> Int {
        let known = entries(fold.range)
        let isList: Bool
        if let known {
            isList = known.isList
        } else if case .list = fold.range.type {
            isList = true
        } else {
            isList = false
        }
        let element = schema(fold.range)?.element
        // The keys of a map have no bound of their own; Kubernetes counts them as empty.
        let key = schema(fold.range).flatMap { schema -> CELSchema? in
            if case .map = schema.type { CELSchema.string(oneOf: []) } else { nil }
        }
        let keyLocal = { (name: String) in
            Local(name: name, schema: isList ? nil : key, size: known?.key, entries: nil)
        }
        let valueLocal = { (name: String) in
            Local(name: name, schema: element, size: known?.value, entries: nil)
        }
        if let second = fold.secondVariable {
            locals.append(keyLocal(fold.variable))
            locals.append(valueLocal(second))
            return 2
        }
        locals.append(isList ? valueLocal(fold.variable) : keyLocal(fold.variable))
        return 1
    }
}
