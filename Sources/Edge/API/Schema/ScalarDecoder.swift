internal import EdgeBase
internal import EdgeJSON

/// Checks the scalars of the API and brings them into their canonical form.
enum ScalarDecoder {
    static func decode(_ value: JSONValue, as type: ValueType) throws(ObjectDecodingError) -> JSONValue {
        switch type {
        case .string:
            guard case .string = value else { throw mismatch(value, "string") }
            return value
        case .bool:
            guard case .bool = value else { throw mismatch(value, "bool") }
            return value
        case .int32: return try integer(value, Int64(Int32.min)...Int64(Int32.max), "int32")
        case .int64: return try integer(value, Int64.min...Int64.max, "int64")
        case .double:
            switch value {
            case .int, .double: return value
            default: throw mismatch(value, "float64")
            }
        case .quantity: return try quantity(value)
        case .intOrString:
            if case .string = value { return value }
            return try integer(value, Int64(Int32.min)...Int64(Int32.max), "int32")
        case .time: return try time(value)
        case .microTime: return try microTime(value)
        case .bytes: return try bytes(value)
        case .rawExtension, .fieldsV1:
            guard case .object = value else { throw mismatch(value, "map[string]interface {}") }
            return value
        case .json, .schemaOrArray, .schemaOrBool, .schemaOrStrings, .object: return value
        }
    }

    private static func mismatch(_ value: JSONValue, _ expected: String) -> ObjectDecodingError {
        ObjectDecodingError(found: value.goName, expected: expected)
    }

    private static func integer(
        _ value: JSONValue, _ range: ClosedRange<Int64>, _ name: String
    ) throws(ObjectDecodingError) -> JSONValue {
        switch value {
        case .int(let number) where range.contains(number): return value
        case .int, .double: throw ObjectDecodingError(found: "number \(value)", expected: name)
        default: throw mismatch(value, name)
        }
    }

    private static func quantity(_ value: JSONValue) throws(ObjectDecodingError) -> JSONValue {
        if case .string(let text) = value, CanonicalText.isQuantity(text) { return value }
        do throws(QuantityError) {
            return .string(try Quantity(value).description)
        } catch {
            throw ObjectDecodingError(error.description)
        }
    }

    private static func time(_ value: JSONValue) throws(ObjectDecodingError) -> JSONValue {
        guard case .string(let text) = value else { throw mismatch(value, "string") }
        if CanonicalText.isTime(text) { return value }
        guard let time = Timestamp(rfc3339: text) else {
            throw badTime(text, layout: "2006-01-02T15:04:05Z07:00")
        }
        return .string(time.rfc3339)
    }

    private static func microTime(_ value: JSONValue) throws(ObjectDecodingError) -> JSONValue {
        guard case .string(let text) = value else { throw mismatch(value, "string") }
        guard let time = Timestamp(rfc3339: text) else {
            throw badTime(text, layout: "2006-01-02T15:04:05.000000Z07:00")
        }
        return .string(time.rfc3339Micro)
    }

    private static func badTime(_ text: String, layout: String) -> ObjectDecodingError {
        ObjectDecodingError("parsing time \"\(text)\" as \"\(layout)\": cannot parse \"\(text)\" as \"2006\"")
    }

    private static func bytes(_ value: JSONValue) throws(ObjectDecodingError) -> JSONValue {
        guard case .string(let text) = value else { throw mismatch(value, "[]uint8") }
        switch Base64.check(text) {
        case .canonical: return value
        case .hasLineBreaks: return .string(text.filter { $0 != "\n" && $0 != "\r" && $0 != "\r\n" })
        case .illegal(let offset): throw ObjectDecodingError("illegal base64 data at input byte \(offset)")
        }
    }
}
