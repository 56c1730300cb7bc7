internal import EdgeJSON

/// Base64 (cel-go's `encoders`), and the escaping of JSON pointers' keys for mutating policies.
enum EncodingFunctions {
    static func declareBase64(in table: inout FunctionTable) {
        table.global("base64.encode", "base64_encode_bytes", [.bytes], .string) {
            values throws(CELEvaluationError) in
            .string(Base64.encode(values[0].asBytes))
        }
        table.global("base64.decode", "base64_decode_string", [.string], .bytes) {
            values throws(CELEvaluationError) in
            var text = values[0].asText
            // Padding may be missing.
            if !text.hasSuffix("="), text.utf8.count % 4 > 1 {
                text += String(repeating: "=", count: 4 - text.utf8.count % 4)
            }
            guard let bytes = Base64.decode(text) else {
                if case .illegal(let offset) = Base64.check(text) {
                    throw CELEvaluationError("illegal base64 data at input byte \(offset)")
                }
                throw CELEvaluationError("illegal base64 data")
            }
            return .bytes(bytes)
        }
    }

    static func declareJSONPatch(in table: inout FunctionTable) {
        table.global("jsonpatch.escapeKey", "string_jsonpatch_escapeKey_string", [.string], .string) {
            values throws(CELEvaluationError) in
            var escaped = ""
            for scalar in values[0].asText.unicodeScalars {
                switch scalar {
                case "~": escaped += "~0"
                case "/": escaped += "~1"
                default: escaped.unicodeScalars.append(scalar)
                }
            }
            return .string(escaped)
        }
    }
}
