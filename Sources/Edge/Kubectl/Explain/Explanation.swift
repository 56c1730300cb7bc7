internal import EdgeJSON

/// The text of `kubectl explain` for one schema.
struct Explanation {
    let document: OpenAPIDocument
    let isRecursive: Bool
    private var output = ""

    init(_ document: OpenAPIDocument, isRecursive: Bool) {
        self.document = document
        self.isRecursive = isRecursive
    }

    static func text(
        _ schema: JSONValue, path: [String], in document: OpenAPIDocument, isRecursive: Bool
    ) -> String? {
        guard let target = document.field(path, in: schema) else { return nil }
        var explanation = Explanation(document, isRecursive: isRecursive)
        explanation.write(target, name: path.last)
        return explanation.output
    }

    private mutating func write(_ schema: JSONValue, name: String?) {
        if let name {
            output += "FIELD: \(name) <\(document.typeName(schema))>\n"
            let values = schema["enum"]?.array ?? []
            output += values.isEmpty ? "\n" : "ENUM:\(values.map { "\n    \(Self.shown($0))" }.joined())\n"
            output += "\n"
        }
        let description = description(schema)
        let text = description.isEmpty ? "<empty>" : description
        output += "DESCRIPTION:\n" + Self.indented(Self.wrapped(text, 76), 4) + "\n"
        var fields = ""
        write(fieldsOf: schema, level: 1, seen: [], to: &fields)
        if !fields.isEmpty { output += "FIELDS:\n" + fields }
    }

    /// The descriptions of the schema and of what it refers to, one below the other.
    private func description(_ schema: JSONValue) -> String {
        let target = document.resolved(schema)
        var text = ""
        if let own = target["description"]?.string, !own.isEmpty { text += own + "\n" }
        for part in target["allOf"]?.array ?? [] { text += description(part) }
        if let elements = document.elements(target) { text += description(elements) }
        return text
    }

    private func write(fieldsOf schema: JSONValue, level: Int, seen: Set<String>, to fields: inout String) {
        let reference = schema["$ref"]?.string ?? ""
        guard reference.isEmpty || !seen.contains(reference) else { return }
        let seen = seen.union([reference])
        let target = document.resolved(schema)
        let required = target["required"]?.strings ?? []
        for property in target["properties"].members {
            write(
                property.key, property.value, isRequired: required.contains(property.key), level: level,
                to: &fields)
            if isRecursive { write(fieldsOf: property.value, level: level + 1, seen: seen, to: &fields) }
        }
        for part in target["allOf"]?.array ?? [] {
            write(fieldsOf: part, level: level, seen: seen, to: &fields)
        }
        if let elements = document.elements(target) {
            write(fieldsOf: elements, level: level, seen: seen, to: &fields)
        }
    }

    private func write(
        _ name: String, _ schema: JSONValue, isRequired: Bool, level: Int, to fields: inout String
    ) {
        let indent = level * 2
        let pad = String(repeating: " ", count: indent)
        fields += "\(pad)\(name)\t<\(document.typeName(schema))>\(isRequired ? " -required-" : "")"
        let values = schema["enum"]?.array ?? []
        if !values.isEmpty {
            let shown = values.prefix(4).map(Self.shown).joined(separator: ", ")
            fields += "\n\(pad)enum: \(shown)\(values.count > 4 ? ", ...." : "")"
        }
        fields += "\n"
        guard !isRecursive else { return }
        let text = schema["description"]?.string ?? ""
        let wrapped = Self.wrapped(text.isEmpty ? "<no description>" : text, 78 - indent)
        fields += Self.indented(wrapped, indent + 2) + "\n\n"
    }

    private static func shown(_ value: JSONValue) -> String {
        value == .string("") ? "\"\"" : value.plainText
    }

    private static func indented(_ text: String, _ count: Int) -> String {
        let pad = String(repeating: " ", count: count)
        return pad + text.replacingAll("\n", with: "\n" + pad)
    }

    /// Breaks lines between words at `width`.
    static func wrapped(_ text: String, _ width: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var lines: [String] = []
            var current = ""
            for word in line.split(separator: " ", omittingEmptySubsequences: true) {
                if current.isEmpty {
                    current = String(word)
                } else if current.count + 1 + word.count <= width {
                    current += " \(word)"
                } else {
                    lines.append(current)
                    current = String(word)
                }
            }
            lines.append(current)
            return lines.joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
