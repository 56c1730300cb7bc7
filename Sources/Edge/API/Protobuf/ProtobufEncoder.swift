internal import EdgeBase
public import EdgeJSON

/// Writes canonical JSON trees as protobuf objects of Kubernetes. Fields whose value is not of their type are
/// left out: canonical trees have none.
public struct ProtobufEncoder {
    private let schema: Schema

    /// The object in its frame; nil when its kind is not in the schema.
    public static func encode(_ object: JSONObject, schema: Schema = .shared) -> [UInt8]? {
        let apiVersion = object["apiVersion"]?.string ?? ""
        let kind = object["kind"]?.string ?? ""
        guard let type = schema.kind(apiVersion: apiVersion, kind: kind) else { return nil }
        let writer = ProtobufEncoder(schema: schema).message(object, type)
        return ProtobufEnvelope.wrap(writer, apiVersion: apiVersion, kind: kind)
    }

    private func message(_ object: JSONObject, _ type: TypeDefinition) -> ProtobufWriter {
        let fields = object.members.compactMap { member -> (FieldDefinition, JSONValue)? in
            guard let field = type.field(member.key), !field.protobufPath.isEmpty else { return nil }
            return (field, member.value)
        }
        return message(fields, depth: 0)
    }

    /// Fields whose path goes on at this depth are gathered into the messages that JSON inlines.
    private func message(_ fields: [(FieldDefinition, JSONValue)], depth: Int) -> ProtobufWriter {
        var writer = ProtobufWriter()
        var inlined: [UInt8: [(FieldDefinition, JSONValue)]] = [:]
        for (field, value) in fields {
            let number = field.protobufPath[depth]
            if field.protobufPath.count > depth + 1 {
                inlined[number, default: []].append((field, value))
            } else {
                write(value, field, Int(number), &writer)
            }
        }
        for (number, inner) in inlined.sorted(by: { $0.key < $1.key }) {
            writer.field(Int(number), message: message(inner, depth: depth + 1))
        }
        return writer
    }

    private func write(
        _ value: JSONValue, _ field: FieldDefinition, _ number: Int, _ writer: inout ProtobufWriter
    ) {
        switch (field.shape, value) {
        case (.single, _): element(value, field.value, number, &writer)
        case (.list, .array(let elements)):
            for value in elements { element(value, field.value, number, &writer) }
        case (.map, .object(let object)), (.mapOfLists, .object(let object)):
            for member in object.members {
                var entry = ProtobufWriter()
                entry.field(1, string: member.key)
                if field.shape == .mapOfLists {
                    var items = ProtobufWriter()
                    for value in member.value.array ?? [] { element(value, field.value, 1, &items) }
                    entry.field(2, message: items)
                } else {
                    element(member.value, field.value, 2, &entry)
                }
                writer.field(number, message: entry)
            }
        default: break
        }
    }

    private func element(
        _ value: JSONValue, _ type: ValueType, _ number: Int, _ writer: inout ProtobufWriter
    ) {
        switch (type, value) {
        case (.string, .string(let text)): writer.field(number, string: text)
        case (.bool, .bool(let flag)): writer.field(number, bool: flag)
        case (.int32, .int(let integer)), (.int64, .int(let integer)): writer.field(number, integer: integer)
        case (.double, _):
            if let double = value.double { writer.field(number, double: double) }
        case (.bytes, .string(let text)):
            if let bytes = Base64.decode(text) { writer.field(number, bytes: bytes) }
        case (.object(let id), .object(let object)):
            writer.field(number, message: message(object, schema[id]))
        default:
            if let scalar = scalarMessage(value, type) { writer.field(number, message: scalar) }
        }
    }

    private func scalarMessage(_ value: JSONValue, _ type: ValueType) -> ProtobufWriter? {
        var writer = ProtobufWriter()
        switch (type, value) {
        case (.time, .string(let text)), (.microTime, .string(let text)):
            guard let time = Timestamp(rfc3339: text) else { return nil }
            writer.field(1, integer: time.seconds)
            writer.field(2, integer: time.nanoseconds - time.seconds * 1_000_000_000)
        case (.time, .null), (.microTime, .null): break
        case (.quantity, .string(let text)): writer.field(1, string: text)
        case (.intOrString, .int(let number)):
            writer.field(1, integer: 0)
            writer.field(2, integer: number)
            writer.field(3, string: "")
        case (.intOrString, .string(let text)):
            writer.field(1, integer: 1)
            writer.field(2, integer: 0)
            writer.field(3, string: text)
        case (.rawExtension, .object), (.fieldsV1, .object), (.json, _):
            writer.field(1, bytes: value.encoded)
        case (.schemaOrBool, .bool(let allows)): writer.field(1, bool: allows)
        case (.schemaOrBool, .object(let object)):
            writer.field(1, bool: true)
            writer.field(2, message: message(object, schema[schema.schemaProps]))
        case (.schemaOrArray, .object(let object)), (.schemaOrStrings, .object(let object)):
            writer.field(1, message: message(object, schema[schema.schemaProps]))
        case (.schemaOrArray, .array(let elements)):
            for case .object(let object) in elements {
                writer.field(2, message: message(object, schema[schema.schemaProps]))
            }
        case (.schemaOrStrings, .array(let elements)):
            for case .string(let text) in elements { writer.field(2, string: text) }
        default: return nil
        }
        return writer
    }
}
