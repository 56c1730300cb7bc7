internal import EdgeJSON

/// Applies the steps of a JSONPath to values.
struct JSONPathEvaluator {
    let allowsMissingKeys: Bool

    func apply(_ steps: [JSONPathNode], _ values: [JSONValue]) throws(JSONPathError) -> [JSONValue] {
        var current = values
        for step in steps { current = try self.step(step, current) }
        return current
    }

    func step(_ node: JSONPathNode, _ values: [JSONValue]) throws(JSONPathError) -> [JSONValue] {
        switch node {
        case .list(let steps): return try apply(steps, values)
        case .text(let text): return [.string(text)]
        case .int(let number): return values.map { _ in .int(number) }
        case .float(let number): return values.map { _ in .double(number) }
        case .bool(let flag): return values.map { _ in .bool(flag) }
        case .field(let name): return try field(name, values)
        case .wildcard: return values.flatMap(Self.children)
        case .recursive: return Self.descendants(values)
        case .slice(let start, let end, let step, let endIsDerived):
            var results: [JSONValue] = []
            for value in values where !value.isNull {
                results += try slice(value, start, end, step, endIsDerived)
            }
            return results
        case .union(let lists):
            var results: [JSONValue] = []
            for list in lists { results += try apply(list, values) }
            return results
        case .filter(let left, let comparison, let right):
            var results: [JSONValue] = []
            for value in values { results += try filter(value, left, comparison, right) }
            return results
        case .range, .end: throw JSONPathError("a range must be the first in its braces")
        }
    }

    private func field(_ name: String, _ values: [JSONValue]) throws(JSONPathError) -> [JSONValue] {
        guard !values.isEmpty else { return [] }
        // `{.}` is the value itself.
        if name.isEmpty { return values }
        let results = values.compactMap { $0[name] }
        if results.isEmpty, !allowsMissingKeys { throw JSONPathError("\(name) is not found") }
        return results
    }

    private static func children(_ value: JSONValue) -> [JSONValue] {
        switch value {
        case .array(let elements): elements
        case .object(let object): object.sortedMembers.map(\.value)
        default: []
        }
    }

    /// The values that have children, and theirs, from the top down.
    private static func descendants(_ values: [JSONValue]) -> [JSONValue] {
        values.flatMap { value in
            let children = children(value)
            return children.isEmpty ? [] : [value] + descendants(children)
        }
    }

    private func slice(
        _ value: JSONValue, _ first: Int?, _ last: Int?, _ step: Int?, _ endIsDerived: Bool
    ) throws(JSONPathError) -> [JSONValue] {
        guard case .array(let elements) = value else {
            throw JSONPathError("\(Self.typeName(value)) is not array or slice")
        }
        let count = elements.count
        var start = first ?? 0
        if start < 0 { start += count }
        var end = last ?? count
        if end < 0 || (end == 0 && endIsDerived) { end += count }
        if start == end { return [] }
        guard start >= 0, start < count else {
            throw JSONPathError("array index out of bounds: index \(start), length \(count)")
        }
        guard end >= 0, end <= count else {
            throw JSONPathError("array index out of bounds: index \(end - 1), length \(count)")
        }
        guard start <= end else {
            throw JSONPathError("starting index \(start) is greater than ending index \(end)")
        }
        if let step, step <= 0 { throw JSONPathError("step must be > 0") }
        return stride(from: start, to: end, by: step ?? 1).map { elements[$0] }
    }

    private static func typeName(_ value: JSONValue) -> String {
        switch value {
        case .object: "map[string]interface {}"
        case .string: "string"
        case .bool: "bool"
        case .int: "int64"
        case .double: "float64"
        case .array: "[]interface {}"
        case .null: "nil"
        }
    }

    private func filter(
        _ value: JSONValue, _ left: [JSONPathNode], _ comparison: String, _ right: [JSONPathNode]
    ) throws(JSONPathError) -> [JSONValue] {
        guard case .array(let elements) = value else {
            throw JSONPathError("\(value.plainText) is not array or slice and cannot be filtered")
        }
        let tolerant = JSONPathEvaluator(allowsMissingKeys: true)
        var results: [JSONValue] = []
        for element in elements {
            let lefts = try tolerant.apply(left, [element])
            if comparison == "exists" {
                if !lefts.isEmpty { results.append(element) }
                continue
            }
            let rights = try tolerant.apply(right, [element])
            guard lefts.count <= 1, rights.count <= 1 else {
                throw JSONPathError("can only compare one element at a time")
            }
            guard let first = lefts.first, let second = rights.first else { continue }
            if try Self.compare(first, comparison, second) { results.append(element) }
        }
        return results
    }

    private static func compare(
        _ left: JSONValue, _ comparison: String, _ right: JSONValue
    ) throws(JSONPathError) -> Bool {
        switch comparison {
        case "==": return isEqual(left, right)
        case "!=": return !isEqual(left, right)
        case "<": return try isLess(left, right)
        case ">": return try isLess(right, left)
        case "<=":
            if isEqual(left, right) { return true }
            return try isLess(left, right)
        case ">=":
            if isEqual(left, right) { return true }
            return try isLess(right, left)
        default: throw JSONPathError("unrecognized filter operator \(comparison)")
        }
    }

    private static func isEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if let left = left.double, let right = right.double { return left == right }
        return left == right
    }

    private static func isLess(_ left: JSONValue, _ right: JSONValue) throws(JSONPathError) -> Bool {
        if let left = left.double, let right = right.double { return left < right }
        if let left = left.string, let right = right.string { return left < right }
        throw JSONPathError("incompatible types for comparison")
    }
}
