/// Conversions between types, `type` and `dyn`.
enum ConversionFunctions {
    static func declare(in table: inout FunctionTable) {
        for (name, type) in [
            ("int", CELType.int), ("uint", .uint), ("double", .double), ("bool", .bool), ("string", .string),
            ("bytes", .bytes), ("timestamp", .timestamp), ("duration", .duration),
        ] {
            table.global(name, "\(name)_to_\(name)", [type], type) { values throws(CELEvaluationError) in
                values[0]
            }
        }
        table.global("type", "type", [.a], .type(.a)) { values throws(CELEvaluationError) in
            .type(values[0].type)
        }
        table.global("dyn", "to_dyn", [.a], .dyn) { values throws(CELEvaluationError) in values[0] }
        declareInt(in: &table)
        declareUint(in: &table)
        declareOthers(in: &table)
        declareString(in: &table)
    }

    private static func failure(_ text: String) -> CELEvaluationError { CELEvaluationError(text) }

    private static func declareInt(in table: inout FunctionTable) {
        table.global("int", "uint64_to_int64", [.uint], .int) { values throws(CELEvaluationError) in
            guard let value = Int64(exactly: values[0].asUint) else { throw ArithmeticFunctions.intOverflow }
            return .int(value)
        }
        table.global("int", "double_to_int64", [.double], .int) { values throws(CELEvaluationError) in
            let value = values[0].asDouble
            guard value > -0x1p63, value < 0x1p63 else { throw ArithmeticFunctions.intOverflow }
            return .int(Int64(value.rounded(.towardZero)))
        }
        table.global("int", "string_to_int64", [.string], .int) { values throws(CELEvaluationError) in
            guard let value = Int64(values[0].asText) else {
                throw failure("strconv.ParseInt: parsing \(quoted(values[0].asText)): invalid syntax")
            }
            return .int(value)
        }
        table.global("int", "timestamp_to_int64", [.timestamp], .int) { values throws(CELEvaluationError) in
            .int(values[0].asTime.seconds)
        }
        table.global("int", "duration_to_int64", [.duration], .int) { values throws(CELEvaluationError) in
            .int(values[0].asDuration)
        }
    }

    private static func declareUint(in table: inout FunctionTable) {
        table.global("uint", "int64_to_uint64", [.int], .uint) { values throws(CELEvaluationError) in
            guard let value = UInt64(exactly: values[0].asInt) else { throw ArithmeticFunctions.uintOverflow }
            return .uint(value)
        }
        table.global("uint", "double_to_uint64", [.double], .uint) { values throws(CELEvaluationError) in
            let value = values[0].asDouble
            guard value >= 0, value < 0x1p64 else { throw ArithmeticFunctions.uintOverflow }
            return .uint(UInt64(value.rounded(.towardZero)))
        }
        table.global("uint", "string_to_uint64", [.string], .uint) { values throws(CELEvaluationError) in
            guard !values[0].asText.hasPrefix("+"), let value = UInt64(values[0].asText) else {
                throw failure("strconv.ParseUint: parsing \(quoted(values[0].asText)): invalid syntax")
            }
            return .uint(value)
        }
    }

    private static func declareOthers(in table: inout FunctionTable) {
        table.global("double", "int64_to_double", [.int], .double) { values throws(CELEvaluationError) in
            .double(Double(values[0].asInt))
        }
        table.global("double", "uint64_to_double", [.uint], .double) { values throws(CELEvaluationError) in
            .double(Double(values[0].asUint))
        }
        table.global("double", "string_to_double", [.string], .double) { values throws(CELEvaluationError) in
            let text = values[0].asText
            guard let value = Double(text) else {
                throw failure("strconv.ParseFloat: parsing \(quoted(text)): invalid syntax")
            }
            return .double(value)
        }
        table.global("bool", "string_to_bool", [.string], .bool) { values throws(CELEvaluationError) in
            switch values[0].asText {
            case "1", "t", "T", "true", "TRUE", "True": return .bool(true)
            case "0", "f", "F", "false", "FALSE", "False": return .bool(false)
            default: throw failure("type conversion error from 'string' to 'bool'")
            }
        }
        table.global("bytes", "string_to_bytes", [.string], .bytes) { values throws(CELEvaluationError) in
            .bytes(Array(values[0].asText.utf8))
        }
        table.global("timestamp", "string_to_timestamp", [.string], .timestamp) {
            values throws(CELEvaluationError) in
            guard let time = CELTimestamp(rfc3339: values[0].asText) else {
                throw failure("type conversion error from 'string' to 'google.protobuf.Timestamp'")
            }
            return .timestamp(time)
        }
        table.global("timestamp", "int64_to_timestamp", [.int], .timestamp) {
            values throws(CELEvaluationError) in
            guard CELTimestamp.isInRange(values[0].asInt) else { throw ArithmeticFunctions.timestampOverflow }
            return .timestamp(CELTimestamp(seconds: values[0].asInt, nanoseconds: 0))
        }
        table.global("duration", "string_to_duration", [.string], .duration) {
            values throws(CELEvaluationError) in
            guard let duration = CELDuration(goText: values[0].asText) else {
                throw failure("type conversion error from 'string' to 'google.protobuf.Duration'")
            }
            return .duration(duration)
        }
    }

    private static func declareString(in table: inout FunctionTable) {
        let types: [(String, CELType)] = [
            ("bool", .bool), ("int64", .int), ("uint64", .uint), ("double", .double),
            ("timestamp", .timestamp),
            ("duration", .duration),
        ]
        for (name, type) in types {
            table.global("string", "\(name)_to_string", [type], .string) {
                values throws(CELEvaluationError) in
                .string(values[0].plainText)
            }
        }
        table.global("string", "bytes_to_string", [.bytes], .string) { values throws(CELEvaluationError) in
            guard let text = String(validating: values[0].asBytes, as: UTF8.self) else {
                throw failure("invalid UTF-8 in bytes, cannot convert to string")
            }
            return .string(text)
        }
    }

    /// A text in Go's double quotes, for error texts.
    static func quoted(_ text: String) -> String { StringFunctions.goQuoted(text) }
}
