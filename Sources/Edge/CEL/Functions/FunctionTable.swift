/// Collects functions while a library declares them.
struct FunctionTable {
    private(set) var functions: [CELFunction] = []

    /// A function that is called by its name.
    mutating func global(
        _ name: String, _ id: String, _ arguments: [CELType], _ result: CELType,
        _ implementation: @escaping CELOverload.Implementation
    ) {
        add(name, id, false, arguments, result, implementation)
    }

    /// A function that is called on its first argument.
    mutating func member(
        _ name: String, _ id: String, _ arguments: [CELType], _ result: CELType,
        _ implementation: @escaping CELOverload.Implementation
    ) {
        add(name, id, true, arguments, result, implementation)
    }

    private mutating func add(
        _ name: String, _ id: String, _ isMember: Bool, _ arguments: [CELType], _ result: CELType,
        _ implementation: @escaping CELOverload.Implementation
    ) {
        functions.append(
            CELFunction(
                name: name,
                overloads: [
                    CELOverload(
                        id: id, isMember: isMember, arguments: arguments, result: result,
                        implementation: implementation)
                ]))
    }
}

extension CELValue {
    // What an implementation takes from arguments that its signature has let through.
    var asInt: Int64 { if case .int(let value) = self { value } else { 0 } }
    var asUint: UInt64 { if case .uint(let value) = self { value } else { 0 } }
    var asDouble: Double { if case .double(let value) = self { value } else { 0 } }
    var asBool: Bool { if case .bool(let value) = self { value } else { false } }
    var asText: String { if case .string(let value) = self { value } else { "" } }
    var asBytes: [UInt8] { if case .bytes(let value) = self { value } else { [] } }
    var asList: CELList { if case .list(let value) = self { value } else { CELList([]) } }
    var asMap: CELMap { if case .map(let value) = self { value } else { CELMap(CELEntries()) } }
    var asDuration: Int64 { if case .duration(let value) = self { value.nanoseconds } else { 0 } }
    var asTime: CELTimestamp {
        if case .timestamp(let value) = self { value } else { CELTimestamp(seconds: 0, nanoseconds: 0) }
    }

    static func texts(_ texts: [String]) -> CELValue { .list(CELList(texts.map { .string($0) })) }
}

extension CELType {
    static let a = CELType.parameter("A")
    static let b = CELType.parameter("B")
    static let listOfA = CELType.list(.a)
    static let mapOfAB = CELType.map(.a, .b)
}
