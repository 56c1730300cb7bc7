extension APIStatus {
    /// 422 for an object with field errors: `Deployment.apps "web" is invalid: [..., ...]`, with a cause for
    /// each. `group` is empty for the core group.
    public static func invalid(kind: String, group: String, name: String, _ errors: [FieldError]) -> Self {
        let qualified = group.isEmpty ? kind : "\(kind).\(group)"
        var seen: Set<String> = []
        let messages = errors.map(\.description).filter { seen.insert($0).inserted }
        let text: String
        switch messages.count {
        case 0: text = ""
        case 1: text = ": " + messages[0]
        default: text = ": [\(messages.joined(separator: ", "))]"
        }
        return Self(
            code: 422, reason: .invalid, message: "\(qualified) \(name.goQuoted) is invalid\(text)",
            details: Details(
                name: name, group: group, kind: kind,
                causes: errors.map {
                    Cause(reason: $0.kind.rawValue, message: $0.body, field: $0.field)
                }))
    }
}
