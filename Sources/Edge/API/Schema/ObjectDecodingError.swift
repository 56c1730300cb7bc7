/// Why a JSON value does not fit its type, in the words of Go's decoder, which users know and tools match.
public struct ObjectDecodingError: Error, Equatable, CustomStringConvertible {
    enum Cause: Equatable {
        /// What the JSON has (`string`, `number 1.5`) and the Go type that was expected.
        case mismatch(found: String, expected: String)
        case text(String)
    }

    let cause: Cause
    /// The struct that has the field, such as `DeploymentSpec`.
    var structName = ""
    /// The names of the fields from the outermost to the failing one, without indices, as Go prints them.
    public internal(set) var path: [String] = []

    init(found: String, expected: String) {
        cause = .mismatch(found: found, expected: expected)
    }

    init(_ text: String) {
        cause = .text(text)
    }

    /// The error as seen from the struct that has the field in which it came up.
    func inside(_ field: String, of type: TypeDefinition) -> Self {
        var error = self
        if error.path.isEmpty { error.structName = type.structName }
        error.path.insert(field, at: 0)
        return error
    }

    public var description: String {
        switch cause {
        case .mismatch(let found, let expected) where path.isEmpty:
            "json: cannot unmarshal \(found) into Go value of type \(expected)"
        case .mismatch(let found, let expected):
            "json: cannot unmarshal \(found) into Go struct field "
                + "\(structName).\(path.joined(separator: ".")) of type \(expected)"
        case .text(let text):
            path.isEmpty ? text : "\(text) (in \(path.joined(separator: ".")))"
        }
    }

    /// The failure of a request whose body this is: `Deployment in version "v1" cannot be handled as a
    /// Deployment: json: ...`.
    public func status(kind: GroupVersionKind) -> APIStatus {
        .badRequest(
            "\(kind.kind) in version \"\(kind.version)\" cannot be handled as a \(kind.kind): \(self)")
    }
}
