import EdgeCEL
import EdgeJSON
import Testing

/// Compiles against variables with schemas and evaluates with JSON values.
struct CELTesting {
    var variables: [String: CELSchema] = [:]
    var values: [String: JSONValue] = [:]
    var libraries: [CELLibrary] = CELLibrary.allCases
    var validatesLiterals = false

    func compile(_ source: String) throws(CELCompileErrors) -> CELProgram {
        try CELEnvironment(
            variables: variables, libraries: libraries, validatesLiterals: validatesLiterals
        ).compile(source)
    }

    func run(_ source: String, costLimit: UInt64 = CELCost.perCallLimit) throws -> CELProgram.Outcome {
        var activation = CELActivation()
        for (name, value) in values { activation[name] = CELValue(json: value, schema: variables[name]) }
        return try compile(source).run(activation, costLimit: costLimit)
    }

    func evaluate(_ source: String) throws -> CELValue { try run(source).result.get() }

    /// The text of the error that an expression ends with, at compile time or at runtime.
    func error(_ source: String) -> String? {
        do {
            _ = try evaluate(source)
            return nil
        } catch { return "\(error)" }
    }

    /// Whether an expression is true; an error says which.
    func isTrue(_ source: String) throws -> Bool {
        guard case .bool(let value) = try evaluate(source) else { return false }
        return value
    }
}

/// A schema from a literal of field names and schemas.
func object(_ name: String, _ properties: [String: CELSchema]) -> CELSchema {
    .object(CELObjectType(name: name, properties: properties))
}
