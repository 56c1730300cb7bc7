public import EdgeJSON

extension CELValue {
    /// A JSON value as CEL sees it: as the schema says where it fits, else by what it is.
    public init(json: JSONValue, schema: CELSchema? = nil) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value):
            if let schema, case .double = schema.type {
                self = .double(Double(value))
            } else {
                self = .int(value)
            }
        case .double(let value):
            if let schema, case .int = schema.type, let whole = Int64(exactly: value) {
                self = .int(whole)
            } else {
                self = .double(value)
            }
        case .string(let text): self = Self.text(text, schema)
        case .array(let items):
            self = .list(
                CELList(json: items, element: schema?.element, kind: schema?.listKind ?? .atomic))
        case .object(let object):
            if let schema, case .object(let type) = schema.type {
                self = .map(CELMap(json: object, type: type))
            } else {
                self = .map(CELMap(json: object, element: schema?.element))
            }
        }
    }

    private static func text(_ text: String, _ schema: CELSchema?) -> CELValue {
        switch schema?.type {
        case .timestamp:
            // A date alone is its midnight in UTC.
            (CELTimestamp(rfc3339: text) ?? CELTimestamp(rfc3339: text + "T00:00:00Z")).map { .timestamp($0) }
                ?? .string(text)
        case .duration: CELDuration(goText: text).map { .duration($0) } ?? .string(text)
        case .bytes: Base64.decode(text).map { .bytes($0) } ?? .string(text)
        default: .string(text)
        }
    }

    /// The value as JSON; nil where it holds something that JSON has no form for.
    public var json: JSONValue? {
        switch self {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .uint(let value): return Int64(exactly: value).map { .int($0) } ?? .double(Double(value))
        case .double(let value): return value.isFinite ? .double(value) : JSONValue?.none
        case .string(let text): return .string(text)
        case .bytes(let bytes): return .string(Base64.encode(bytes))
        case .timestamp(let time): return .string(time.rfc3339)
        case .duration(let duration): return .string(duration.secondsText)
        case .list(let list):
            if case .json(let items, _) = list.storage { return .array(items) }
            var items: [JSONValue] = []
            for value in list.values {
                guard let item = value.json else { return nil }
                items.append(item)
            }
            return .array(items)
        case .map(let map): return map.json
        case .optional(let inner): return inner?.json
        case .type, .opaque: return nil
        }
    }
}

extension CELMap {
    /// The map as a JSON object, with the fields' names in JSON.
    public var json: JSONValue? {
        let entries: CELEntries
        let type: CELObjectType?
        switch storage {
        case .json(let object, _), .object(let object, _): return .object(object)
        case .entries(let found): (entries, type) = (found, nil)
        case .made(let found, let madeType): (entries, type) = (found, madeType)
        case .lazy: return nil
        }
        var object = JSONObject()
        for (key, value) in zip(entries.keys, entries.values) {
            guard let value = value.json else { return nil }
            let name = key.plainText
            object[type.map { $0.field(name)?.jsonName ?? name } ?? name] = value
        }
        return .object(object)
    }
}
