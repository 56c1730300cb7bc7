/// What the type variables of signatures and empty literals stand for, found by unification.
struct TypeUnifier {
    private var bindings: [String: CELType] = [:]
    private var nextVariable = 0

    mutating func newVariable() -> CELType {
        nextVariable += 1
        return .parameter("_var\(nextVariable)")
    }

    /// A signature with variables of its own.
    mutating func instantiate(_ types: [CELType]) -> [CELType] {
        var names: [String: CELType] = [:]
        return types.map { renamed($0, &names) }
    }

    private mutating func renamed(_ type: CELType, _ names: inout [String: CELType]) -> CELType {
        switch type {
        case .parameter(let name):
            if let known = names[name] { return known }
            let variable = newVariable()
            names[name] = variable
            return variable
        case .list(let element): return .list(renamed(element, &names))
        case .map(let key, let value): return .map(renamed(key, &names), renamed(value, &names))
        case .optional(let inner): return .optional(renamed(inner, &names))
        case .type(let inner?): return .type(renamed(inner, &names))
        default: return type
        }
    }

    /// The type with what is known of its variables put in; unbound ones become `dyn` where asked for.
    func substitute(_ type: CELType, unboundToDyn: Bool = false) -> CELType {
        switch type {
        case .parameter(let name):
            if let bound = bindings[name] { return substitute(bound, unboundToDyn: unboundToDyn) }
            return unboundToDyn ? .dyn : type
        case .list(let element): return .list(substitute(element, unboundToDyn: unboundToDyn))
        case .map(let key, let value):
            return .map(
                substitute(key, unboundToDyn: unboundToDyn), substitute(value, unboundToDyn: unboundToDyn))
        case .optional(let inner): return .optional(substitute(inner, unboundToDyn: unboundToDyn))
        case .type(let inner?): return .type(substitute(inner, unboundToDyn: unboundToDyn))
        default: return type
        }
    }

    /// Whether values of one type fit where another is wanted; binds variables only if they do.
    mutating func assign(_ from: CELType, to: CELType) -> Bool {
        let saved = bindings
        if unify(from, to) { return true }
        bindings = saved
        return false
    }

    mutating func assign(_ from: [CELType], to: [CELType]) -> Bool {
        guard from.count == to.count else { return false }
        let saved = bindings
        for (left, right) in zip(from, to) where !unify(left, right) {
            bindings = saved
            return false
        }
        return true
    }

    private mutating func unify(_ left: CELType, _ right: CELType) -> Bool {
        if case .parameter(let name) = right {
            let (isValid, hasBinding) = bind(name, left)
            if isValid { return true }
            if hasBinding { return false }
        }
        if case .parameter(let name) = left { return bind(name, right).isValid }
        if left.isDynOrError || right.isDynOrError { return true }
        switch (left, right) {
        case (.null, _): return Self.isNullable(right)
        case (_, .null): return Self.isNullable(left)
        case (.type, .type): return true
        case (.list(let left), .list(let right)), (.optional(let left), .optional(let right)):
            return unify(left, right)
        case (.map(let leftKey, let left), .map(let rightKey, let right)):
            return unify(leftKey, rightKey) && unify(left, right)
        default: return left == right
        }
    }

    private static func isNullable(_ type: CELType) -> Bool {
        switch type {
        case .null, .object, .opaque, .optional, .timestamp, .duration: true
        default: false
        }
    }

    private mutating func bind(_ name: String, _ type: CELType) -> (isValid: Bool, hasBinding: Bool) {
        if case .parameter(name) = type { return (true, true) }
        if let bound = bindings[name] {
            if bound == type { return (true, true) }
            guard unify(type, bound) else { return (false, true) }
            let general = Self.isEqualOrLessSpecific(type, bound) ? type : bound
            if !occurs(name, in: general) { bindings[name] = general }
            return (true, true)
        }
        guard !occurs(name, in: type) else { return (false, false) }
        bindings[name] = type
        return (true, false)
    }

    private func occurs(_ name: String, in type: CELType) -> Bool {
        switch type {
        case .parameter(let other):
            if name == other { return true }
            return bindings[other].map { occurs(name, in: $0) } ?? false
        case .list(let element): return occurs(name, in: element)
        case .map(let key, let value): return occurs(name, in: key) || occurs(name, in: value)
        case .optional(let inner), .type(let inner?): return occurs(name, in: inner)
        default: return false
        }
    }

    /// The more general of two types that go together.
    static func mostGeneral(_ left: CELType, _ right: CELType) -> CELType {
        isEqualOrLessSpecific(left, right) ? left : right
    }

    private static func isEqualOrLessSpecific(_ left: CELType, _ right: CELType) -> Bool {
        switch (left, right) {
        case (.dyn, _), (.parameter, _): true
        case (_, .dyn), (_, .parameter): false
        case (.list(let left), .list(let right)), (.optional(let left), .optional(let right)):
            isEqualOrLessSpecific(left, right)
        case (.map(let leftKey, let left), .map(let rightKey, let right)):
            isEqualOrLessSpecific(leftKey, rightKey) && isEqualOrLessSpecific(left, right)
        case (.type, .type): true
        default: left == right
        }
    }
}
