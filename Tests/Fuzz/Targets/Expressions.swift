internal import EdgeBase
internal import EdgeCEL
internal import EdgeJSON

/// What users give to be evaluated: CEL, and regular expressions.
enum Expressions {
    private static let environment = CELEnvironment(variables: ["self": .any])
    private static let values: CELActivation = {
        let object = try? JSONParser.parse(
            Array(
                #"{"name":"web","count":3,"list":[1,2,3],"map":{"a":"b"},"when":"2026-01-01T00:00:00Z"}"#.utf8
            ))
        return CELActivation(["self": CELValue(json: object ?? .null, schema: nil)])
    }()

    /// Whatever compiles ends, within its cost.
    static func expression(_ bytes: [UInt8]) throws(FuzzFailure) {
        guard let program = try? environment.compile(bytes.text) else { return }
        _ = program.run(values, costLimit: 10_000)
    }

    /// A pattern and a text in two parts. Matching takes linear time: a slow one shows as a time-out.
    static func regularExpression(_ bytes: [UInt8]) throws(FuzzFailure) {
        let parts = bytes.parts
        guard let expression = try? RegularExpression(parts[0].dropLast().text) else { return }
        let text = parts.count > 1 ? parts[1].text : String(repeating: "ab", count: 50)
        let found = expression.firstMatch(in: text)
        try FuzzFailure.unless(expression.matches(text) == (found != nil), "matching and finding differ")
        if let found {
            try FuzzFailure.unless(
                found.lowerBound >= 0 && found.upperBound <= text.utf8.count, "found outside of the text")
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
