internal import EdgeJSON

extension JSONValue {
    /// The head of a new object.
    static func object(
        _ apiVersion: String, _ kind: String, name: String, labels: [String: String] = [:]
    ) -> JSONValue {
        var value: JSONValue = [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "metadata": ["name": .string(name)],
        ]
        if !labels.isEmpty { value[path: "metadata", "labels"] = .strings(labels) }
        return value
    }

    static func strings(_ map: [String: String]) -> JSONValue {
        .object(JSONObject(map.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    static func strings(_ list: [String]) -> JSONValue { .array(list.map(JSONValue.string)) }

    /// A number where the text is one, else the text (`IntOrString`).
    static func intOrString(_ text: String) -> JSONValue { Int64(text).map(JSONValue.int) ?? .string(text) }
}
