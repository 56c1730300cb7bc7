/// One signature of a function and what it does.
struct CELOverload: Sendable {
    typealias Implementation = @Sendable ([CELValue]) throws(CELEvaluationError) -> CELValue

    let id: String
    let isMember: Bool
    /// The types of the arguments, the receiver first.
    let arguments: [CELType]
    let result: CELType
    let implementation: Implementation

    /// Whether values that are known only now fit the signature. Elements are not looked at.
    func accepts(_ values: [CELValue]) -> Bool {
        guard values.count == arguments.count else { return false }
        for (value, type) in zip(values, arguments) where !Self.accepts(value, type) { return false }
        return true
    }

    private static func accepts(_ value: CELValue, _ type: CELType) -> Bool {
        switch (type, value) {
        case (.dyn, _), (.parameter, _): true
        case (.list, .list), (.map, .map), (.optional, .optional), (.type, .type): true
        case (.list, _), (.map, _), (.optional, _), (.type, _): false
        case (.opaque(let name), .opaque(let value)): value.type.name == name
        default: value.type == type
        }
    }
}

/// A function's name and its overloads.
struct CELFunction: Sendable {
    let name: String
    var overloads: [CELOverload]
}
