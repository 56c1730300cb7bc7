internal import EdgeJSON

/// A JSONPath template in kubectl's dialect, ready to be applied to objects.
struct JSONPath: Sendable {
    private let nodes: [JSONPathNode]
    /// Whether a missing key yields nothing instead of an error.
    var allowsMissingKeys: Bool

    init(_ template: String, allowsMissingKeys: Bool = true) throws(JSONPathError) {
        nodes = try JSONPathParser.parse(template)
        self.allowsMissingKeys = allowsMissingKeys
    }

    /// From the forms that `--sort-by` and custom columns take too: `.metadata.name`, `metadata.name`,
    /// `{.metadata.name}`.
    init(relaxed expression: String, allowsMissingKeys: Bool = true) throws(JSONPathError) {
        try self.init(try Self.braced(expression), allowsMissingKeys: allowsMissingKeys)
    }

    static func braced(_ expression: String) throws(JSONPathError) -> String {
        var field = expression.trimmed
        guard !field.isEmpty else { return "" }
        if field.hasPrefix("{") || field.hasSuffix("}") {
            guard field.hasPrefix("{"), field.hasSuffix("}") else {
                throw JSONPathError(
                    "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' "
                        + "or '{.name1.name2}'")
            }
            field = String(field.dropFirst().dropLast())
        }
        if field.hasPrefix("$") { field.removeFirst() }
        if field.hasPrefix(".") { field.removeFirst() }
        return "{.\(field)}"
    }

    /// The text that the template makes of a value.
    func text(_ value: JSONValue) throws(JSONPathError) -> String {
        try results(value).map { $0.map(Self.printed).joined(separator: " ") }.joined()
    }

    private static func printed(_ value: JSONValue) -> String {
        value.isNull ? "null" : value.plainText
    }

    /// What each part of the template yields.
    func results(_ value: JSONValue) throws(JSONPathError) -> [[JSONValue]] {
        var output: [[JSONValue]] = []
        _ = try run(nodes[...], on: [value], isInRange: false, into: &output)
        return output
    }

    /// All values that the template yields, in one list.
    func values(_ value: JSONValue) throws(JSONPathError) -> [JSONValue] {
        try results(value).flatMap { $0 }
    }

    /// Runs the nodes until the end of the range they are in; returns what stands behind its `end`.
    private func run(
        _ nodes: ArraySlice<JSONPathNode>, on current: [JSONValue], isInRange: Bool,
        into output: inout [[JSONValue]]
    ) throws(JSONPathError) -> ArraySlice<JSONPathNode> {
        var rest = nodes
        let evaluator = JSONPathEvaluator(allowsMissingKeys: allowsMissingKeys)
        while let node = rest.popFirst() {
            guard case .list(let steps) = node else {
                output.append(try evaluator.step(node, current))
                continue
            }
            if steps.first == .range {
                let values = try evaluator.apply(Array(steps.dropFirst()), current)
                var after = rest
                if values.isEmpty {
                    // The nodes of the range are still passed over, to find its end.
                    after = Self.skipRange(rest)
                }
                for value in values {
                    after = try run(rest, on: [value], isInRange: true, into: &output)
                }
                rest = after
            } else if steps == [.end] {
                guard isInRange else { throw JSONPathError("not in range, nothing to end") }
                return rest
            } else {
                output.append(try evaluator.apply(steps, current))
            }
        }
        return rest
    }

    private static func skipRange(_ nodes: ArraySlice<JSONPathNode>) -> ArraySlice<JSONPathNode> {
        var depth = 1
        var rest = nodes
        while depth > 0, let node = rest.popFirst() {
            guard case .list(let steps) = node else { continue }
            if steps.first == .range { depth += 1 }
            if steps == [.end] { depth -= 1 }
        }
        return rest
    }
}
