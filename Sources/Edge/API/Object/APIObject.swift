public import EdgeBase
public import EdgeJSON

/// A decoded API object of any kind: its JSON tree with accessors for what all objects share. The typed
/// views (`Pod`, `Service`, ...) wrap one and add what their kind has.
public struct APIObject: Sendable, Equatable {
    public var json: JSONObject

    public init(_ json: JSONObject) {
        self.json = json
    }

    /// Nil for a value that is no JSON object.
    public init?(_ value: JSONValue) {
        guard case .object(let object) = value else { return nil }
        json = object
    }

    public init(apiVersion: String, kind: String, namespace: String = "", name: String) {
        json = ["apiVersion": .string(apiVersion), "kind": .string(kind)]
        metadata = ["name": .string(name)]
        if !namespace.isEmpty { metadata["namespace"] = .string(namespace) }
    }

    /// Decodes a stored object; these are canonical, so failure means a damaged store.
    public init(decoding object: EncodedObject) throws(JSONError) {
        guard case .object(let json) = try JSONParser.parse(object.bytes) else {
            throw JSONError("stored object \(object.key) is no JSON object", offset: 0)
        }
        self.json = json
    }

    public subscript(key: String) -> JSONValue? {
        get { json[key] }
        set { json[key] = newValue }
    }

    /// The value at the end of a path of member names; setting makes the objects on the way.
    public subscript(path first: String, rest: String...) -> JSONValue? {
        get {
            var value = json[first]
            for key in rest { value = value?[key] }
            return value
        }
        set {
            guard !rest.isEmpty else {
                json[first] = newValue
                return
            }
            guard newValue != nil || json[first] != nil else { return }
            var value = json[first] ?? .object(JSONObject())
            json[first] = .null
            value.set(newValue, at: rest[...])
            json[first] = value
        }
    }

    public var value: JSONValue { .object(json) }
}

extension JSONValue {
    /// Sets the value at the end of a path; an empty path changes nothing.
    mutating func set(_ newValue: JSONValue?, at path: ArraySlice<String>) {
        guard let first = path.first else { return }
        if path.count == 1 {
            self[first] = newValue
            return
        }
        guard newValue != nil || self[first] != nil else { return }
        var child = self[first] ?? .object(JSONObject())
        self[first] = .null
        child.set(newValue, at: path.dropFirst())
        self[first] = child
    }
}
