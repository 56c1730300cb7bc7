internal import EdgeAPI
internal import EdgeJSON

/// Columns that the user chose: `NAME:.metadata.name,IMAGE:.spec.containers[*].image`.
struct CustomColumns: Sendable {
    private struct Column: Sendable {
        let header: String
        let path: JSONPath
    }

    private let columns: [Column]

    init(spec: String) throws {
        guard !spec.isEmpty else {
            throw KubectlError("custom-columns format specified but no custom columns given")
        }
        columns = try spec.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let (header, path) = String(part).split(atFirst: ":") else {
                throw KubectlError(
                    "unexpected custom-columns spec: \(part), expected <header>:<json-path-expr>")
            }
            return Column(header: header, path: try JSONPath(relaxed: path))
        }
    }

    /// From a file with a line of headers and a line of paths.
    init(template: String) throws {
        let lines = template.split(separator: "\n", omittingEmptySubsequences: false)
        let expected =
            "Expected format is one line of space separated headers, one line of space separated column specs."
        guard lines.count > 1 || !template.isEmpty else {
            throw KubectlError("invalid template, missing header line. \(expected)")
        }
        guard lines.count > 1, !lines[1].isEmpty else {
            throw KubectlError("invalid template, missing spec line. \(expected)")
        }
        let headers = lines[0].split { $0 == " " || $0 == "\t" }.map(String.init)
        let specs = lines[1].split { $0 == " " || $0 == "\t" }.map(String.init)
        guard headers.count == specs.count else {
            throw KubectlError(
                "number of headers (\(headers.count)) and field specifications (\(specs.count)) don't match")
        }
        columns = try zip(headers, specs).map { Column(header: $0, path: try JSONPath(relaxed: $1)) }
    }

    var headers: [String] { columns.map(\.header) }

    func cells(_ object: JSONValue) throws -> [String] {
        try columns.map { column in
            let values = try column.path.values(object)
            return values.isEmpty ? "<none>" : values.map(Self.text).joined(separator: ",")
        }
    }

    /// Lists and maps as Go prints them with `%v`.
    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .array(let elements): goList(elements.map(text))
        case .object(let object):
            "map[" + object.sortedMembers.map { "\($0.key):\(text($0.value))" }.joined(separator: " ") + "]"
        default: value.plainText
        }
    }
}
