/// Named formats: `format.dns1123Label().validate(x)`.
enum FormatFunctions {
    static func declare(in table: inout FunctionTable) {
        for (name, format) in NamedFormat.all {
            table.global("format.\(name)", "format.\(name)", [], NamedFormat.type) {
                _ throws(CELEvaluationError) in .opaque(format)
            }
        }
        table.global("format.named", "format-named", [.string], .optional(NamedFormat.type)) {
            values throws(CELEvaluationError) in
            .optional(NamedFormat.all[values[0].asText].map { .opaque($0) })
        }
        table.member("validate", "format-validate", [NamedFormat.type, .string], .optional(.list(.string))) {
            values throws(CELEvaluationError) in
            guard case .opaque(let value) = values[0], let format = value as? NamedFormat else {
                throw .noSuchOverload
            }
            let messages = format.validate(values[1].asText)
            return .optional(messages.isEmpty ? nil : .texts(messages))
        }
    }
}
