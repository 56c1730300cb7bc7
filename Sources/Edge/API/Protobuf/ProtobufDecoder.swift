internal import EdgeBase
public import EdgeJSON

/// Turns protobuf objects of Kubernetes into JSON trees, by the field numbers of the schema.
///
/// The tree holds what the message holds, zero values included: `ObjectDecoder` brings it into canonical
/// form. Unknown fields are skipped, as protobuf has it; lengths and nesting are limited by the input itself
/// and by what the JSON parser reads.
public struct ProtobufDecoder {
    /// An object with its kind; `value` begins with `apiVersion` and `kind`.
    public struct Result: Sendable {
        public var kind: GroupVersionKind
        public var value: JSONValue
    }

    private let bytes: [UInt8]
    private let schema: Schema

    /// Decodes the frame and the object inside.
    public static func decode(
        _ bytes: [UInt8], schema: Schema = .shared
    ) throws(ProtobufError) -> Result {
        let decoder = ProtobufDecoder(bytes: bytes, schema: schema)
        return try decoder.framed(0..<bytes.count, depth: 0)
    }

    private func framed(_ range: Range<Int>, depth: Int) throws(ProtobufError) -> Result {
        let envelope = try ProtobufEnvelope(bytes, range)
        let kind = GroupVersionKind(apiVersion: envelope.apiVersion, kind: envelope.kind)
        guard let type = schema.kind(kind) else {
            throw ProtobufError(
                "no kind \"\(kind.kind)\" is registered for version \"\(kind.apiVersion)\"",
                offset: range.lowerBound)
        }
        var object = try message(type, envelope.raw, depth: depth)
        object.prepend("kind", .string(envelope.kind))
        object.prepend("apiVersion", .string(envelope.apiVersion))
        return Result(kind: kind, value: .object(object))
    }

    // MARK: - Messages

    private func message(
        _ type: TypeDefinition, _ range: Range<Int>, depth: Int
    ) throws(ProtobufError) -> JSONObject {
        guard depth < JSONParser.maximumDepth else {
            throw ProtobufError("exceeded the maximum nesting depth", offset: range.lowerBound)
        }
        var values = [FieldContent](repeating: FieldContent(), count: type.fields.count)
        try read(type, range, inside: [], depth: depth, into: &values)
        var members: [JSONObject.Member] = []
        for (place, content) in values.enumerated() {
            if let value = content.value { members.append(.init(type.fields[place].name, value)) }
        }
        return JSONObject(uniqueMembers: members)
    }

    /// Reads the fields of a message, or of a message inside it whose fields JSON inlines.
    private func read(
        _ type: TypeDefinition, _ range: Range<Int>, inside outer: [UInt8], depth: Int,
        into values: inout [FieldContent]
    ) throws(ProtobufError) {
        var reader = ProtobufReader(bytes, range)
        while let wire = try reader.next() {
            guard let number = UInt8(exactly: wire.number),
                let place = place(of: number, in: type, inside: outer)
            else { continue }
            let field = type.fields[place]
            if field.protobufPath.count > outer.count + 1 {
                guard case .bytes(let inner) = wire.value else { throw Self.wrongWireType(wire) }
                try read(type, inner, inside: outer + [number], depth: depth, into: &values)
            } else {
                try add(wire, field, depth: depth + 1, to: &values[place])
            }
        }
    }

    private func place(of number: UInt8, in type: TypeDefinition, inside outer: [UInt8]) -> Int? {
        type.fields.firstIndex { field in
            let path = field.protobufPath
            guard path[outer.count] == number else { return false }
            return outer.indices.allSatisfy { path[$0] == outer[$0] }
        }
    }

    private func add(
        _ wire: ProtobufReader.Field, _ field: FieldDefinition, depth: Int, to content: inout FieldContent
    ) throws(ProtobufError) {
        switch field.shape {
        case .single: content.single = try element(wire, field.value, depth: depth)
        case .list: try append(wire, field.value, depth: depth + 1, to: &content.elements)
        case .map, .mapOfLists:
            let (key, entry) = try mapEntry(wire, field, depth: depth + 1)
            content.members.append(.init(key, entry))
        }
    }

    private func append(
        _ wire: ProtobufReader.Field, _ type: ValueType, depth: Int, to elements: inout [JSONValue]
    ) throws(ProtobufError) {
        if type.isVarint, case .bytes(let packed) = wire.value {
            var reader = ProtobufReader(bytes, packed)
            while !reader.isAtEnd { elements.append(type.value(ofVarint: try reader.varint())) }
            return
        }
        elements.append(try element(wire, type, depth: depth))
    }

    private func mapEntry(
        _ wire: ProtobufReader.Field, _ field: FieldDefinition, depth: Int
    ) throws(ProtobufError) -> (key: String, value: JSONValue) {
        guard case .bytes(let range) = wire.value else { throw Self.wrongWireType(wire) }
        var key = ""
        var value: JSONValue?
        var reader = ProtobufReader(bytes, range)
        while let inner = try reader.next() {
            switch (inner.number, inner.value) {
            case (1, .bytes(let text)): key = String(decoding: bytes[text], as: UTF8.self)
            case (2, .bytes(let list)) where field.shape == .mapOfLists:
                var elements: [JSONValue] = []
                var items = ProtobufReader(bytes, list)
                while let item = try items.next() {
                    if item.number == 1 { try append(item, field.value, depth: depth, to: &elements) }
                }
                value = .array(elements)
            case (2, _): value = try element(inner, field.value, depth: depth)
            default: break
            }
        }
        return (key, value ?? (field.shape == .mapOfLists ? .array([]) : schema.zeroElement(field.value)))
    }

    // MARK: - Values

    private func element(
        _ wire: ProtobufReader.Field, _ type: ValueType, depth: Int
    ) throws(ProtobufError) -> JSONValue {
        switch (type, wire.value) {
        case (.bool, .varint(let number)), (.int32, .varint(let number)), (.int64, .varint(let number)):
            return type.value(ofVarint: number)
        case (.double, .fixed64(let bits)): return .double(Double(bitPattern: bits))
        case (.string, .bytes(let range)): return .string(String(decoding: bytes[range], as: UTF8.self))
        case (.bytes, .bytes(let range)): return .string(Base64.encode(bytes[range]))
        case (.object(let id), .bytes(let range)):
            return .object(try message(schema[id], range, depth: depth))
        case (_, .bytes(let range)): return try scalarMessage(type, range, depth: depth)
        default: throw Self.wrongWireType(wire)
        }
    }

    /// The scalars that protobuf carries as messages.
    private func scalarMessage(
        _ type: ValueType, _ range: Range<Int>, depth: Int
    ) throws(ProtobufError) -> JSONValue {
        switch type {
        case .time, .microTime: return try time(type, range)
        case .quantity:
            let text = try field(1, range).map { String(decoding: bytes[$0], as: UTF8.self) } ?? ""
            return .string(text.isEmpty ? "0" : text)
        case .intOrString: return try intOrString(range)
        case .rawExtension, .fieldsV1, .json: return try rawJSON(range, depth: depth)
        case .schemaOrArray, .schemaOrBool, .schemaOrStrings:
            return try schemaAlternative(type, range, depth: depth)
        default: throw ProtobufError("wrong wireType for a scalar", offset: range.lowerBound)
        }
    }

    /// The last length-delimited field with a number.
    private func field(_ number: Int, _ range: Range<Int>) throws(ProtobufError) -> Range<Int>? {
        var reader = ProtobufReader(bytes, range)
        var found: Range<Int>?
        while let field = try reader.next() {
            if field.number == number, case .bytes(let value) = field.value { found = value }
        }
        return found
    }

    /// An empty message is the zero time, which JSON writes as null.
    private func time(_ type: ValueType, _ range: Range<Int>) throws(ProtobufError) -> JSONValue {
        if range.isEmpty { return .null }
        var seconds: Int64 = 0
        var nanoseconds: Int64 = 0
        var reader = ProtobufReader(bytes, range)
        while let field = try reader.next() {
            guard case .varint(let number) = field.value else { continue }
            if field.number == 1 { seconds = Int64(bitPattern: number) }
            if field.number == 2 { nanoseconds = Int64(Int32(truncatingIfNeeded: number)) }
        }
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowed) = product.addingReportingOverflow(nanoseconds)
        guard !overflow, !overflowed else {
            throw ProtobufError("time \(seconds) is out of range", offset: range.lowerBound)
        }
        let timestamp = Timestamp(nanoseconds: sum)
        return .string(type == .time ? timestamp.rfc3339 : timestamp.rfc3339Micro)
    }

    private func intOrString(_ range: Range<Int>) throws(ProtobufError) -> JSONValue {
        var isString = false
        var number: JSONValue = 0
        var text = ""
        var reader = ProtobufReader(bytes, range)
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (1, .varint(let kind)): isString = kind == 1
            case (2, .varint(let value)): number = ValueType.int32.value(ofVarint: value)
            case (3, .bytes(let value)): text = String(decoding: bytes[value], as: UTF8.self)
            default: break
            }
        }
        return isString ? .string(text) : number
    }

    /// The JSON text that RawExtension, FieldsV1 and JSON carry; a RawExtension may hold a framed object.
    private func rawJSON(_ range: Range<Int>, depth: Int) throws(ProtobufError) -> JSONValue {
        guard let raw = try field(1, range), !raw.isEmpty else { return .null }
        if ProtobufEnvelope.isEnvelope(bytes[raw]) {
            return try framed(raw, depth: depth).value
        }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONParser.parse(bytes[raw])
        } catch {
            throw ProtobufError("raw JSON: \(error.message)", offset: raw.lowerBound + error.offset)
        }
        guard depth + value.nesting <= JSONParser.maximumDepth else {
            throw ProtobufError("exceeded the maximum nesting depth", offset: raw.lowerBound)
        }
        return value
    }

    private func schemaAlternative(
        _ type: ValueType, _ range: Range<Int>, depth: Int
    ) throws(ProtobufError) -> JSONValue {
        let schemaNumber = type == .schemaOrBool ? 2 : 1
        var elements: [JSONValue] = []
        var allows = false
        var reader = ProtobufReader(bytes, range)
        var schemaRange: Range<Int>?
        while let field = try reader.next() {
            switch (field.number, field.value) {
            case (schemaNumber, .bytes(let value)): schemaRange = value
            case (1, .varint(let value)) where type == .schemaOrBool: allows = value != 0
            case (2, .bytes(let value)) where type == .schemaOrArray:
                elements.append(.object(try message(schema[schema.schemaProps], value, depth: depth + 1)))
            case (2, .bytes(let value)) where type == .schemaOrStrings:
                elements.append(.string(String(decoding: bytes[value], as: UTF8.self)))
            default: break
            }
        }
        if let schemaRange {
            return .object(try message(schema[schema.schemaProps], schemaRange, depth: depth))
        }
        return type == .schemaOrBool ? .bool(allows) : .array(elements)
    }

    private static func wrongWireType(_ field: ProtobufReader.Field) -> ProtobufError {
        ProtobufError("wrong wireType for field \(field.number)", offset: field.offset)
    }
}

/// What has been read of one field so far.
private struct FieldContent {
    var single: JSONValue?
    var elements: [JSONValue] = []
    var members: [JSONObject.Member] = []

    var value: JSONValue? {
        if let single { return single }
        if !elements.isEmpty { return .array(elements) }
        guard !members.isEmpty else { return nil }
        // Of a repeated key the last entry counts.
        var object = IndexedObject()
        for member in members { object[member.key] = member.value }
        return .object(object.object)
    }
}

extension ValueType {
    var isVarint: Bool {
        switch self {
        case .bool, .int32, .int64: true
        default: false
        }
    }

    func value(ofVarint number: UInt64) -> JSONValue {
        switch self {
        case .bool: .bool(number != 0)
        case .int32: .int(Int64(Int32(truncatingIfNeeded: number)))
        default: .int(Int64(bitPattern: number))
        }
    }
}

extension JSONValue {
    /// How deeply arrays and objects nest; 0 for a scalar.
    var nesting: Int {
        switch self {
        case .array(let elements): 1 + (elements.lazy.map(\.nesting).max() ?? 0)
        case .object(let object): 1 + (object.members.lazy.map(\.value.nesting).max() ?? 0)
        default: 0
        }
    }
}
