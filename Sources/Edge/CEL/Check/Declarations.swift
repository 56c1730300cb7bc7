/// What an expression may refer to: variables, functions and types.
struct Declarations: Sendable {
    var variables: [String: CELSchema] = [:]
    var functions: [String: CELFunction] = [:]
    /// Types by their names, for `type(x) == int` and object literals.
    var types: [String: CELType] = Self.standardTypes

    private static let standardTypes: [String: CELType] = {
        let types: [CELType] = [
            .bool, .int, .uint, .double, .string, .bytes, .null, .timestamp, .duration, .list(.dyn),
            .map(.dyn, .dyn), .type(nil), .optional(.dyn),
        ]
        return Dictionary(types.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }()

    mutating func add(_ function: CELFunction) {
        functions[function.name, default: CELFunction(name: function.name, overloads: [])].overloads +=
            function.overloads
    }

    mutating func add(_ libraries: [CELLibrary]) {
        var table = FunctionTable()
        for library in libraries {
            library.declare(in: &table)
            for type in library.types { types[type.name] = type }
        }
        for function in table.functions { add(function) }
    }

    /// Adds an object type and the types of its fields.
    mutating func add(_ type: CELObjectType) {
        guard types[type.name] == nil else { return }
        types[type.name] = .object(type)
        for field in type.fields.values { add(types: field.schema.type) }
    }

    mutating func add(types type: CELType) {
        switch type {
        case .object(let object): add(object)
        case .list(let element), .map(_, let element), .optional(let element): add(types: element)
        default: break
        }
    }
}
