internal import EdgeAPI
internal import EdgeCEL
internal import EdgeJSON

/// One entry of `x-kubernetes-validations`, compiled.
struct SchemaRule: Sendable {
    let program: CELProgram
    let messageProgram: CELProgram?
    let text: String
    let message: String
    let reason: String
    /// Where the rule places its failures, below its own place; empty for there.
    let fieldPath: String
    /// Evaluated without an old value too, `oldSelf` being an optional.
    let hasOptionalOldSelf: Bool
    let usesOldSelf: Bool

    /// What is wrong with a rule.
    struct Failure: Error {
        let isInMessage: Bool
        let description: String
    }

    init(
        _ rule: JSONValue, on schema: JSONObject, _ environment: RuleEnvironment
    ) throws(Failure) {
        text = rule["rule"].text
        message = rule["message"].text
        reason = rule["reason"].text
        hasOptionalOldSelf = rule["optionalOldSelf"].flag
        fieldPath = RuleFieldPath(rule["fieldPath"].text, in: schema)?.description ?? ""
        let environment = hasOptionalOldSelf ? environment.optional : environment.plain
        do throws(CELCompileErrors) { program = try environment.compile(text) } catch {
            throw Failure(isInMessage: false, description: "compilation failed: \(error)")
        }
        guard program.resultType == .bool else {
            throw Failure(isInMessage: false, description: "cel expression must evaluate to a bool")
        }
        usesOldSelf = program.references.contains("oldSelf")
        let source = rule["messageExpression"].text
        guard !source.isEmpty else {
            messageProgram = nil
            return
        }
        let found: CELProgram
        do throws(CELCompileErrors) { found = try environment.compile(source) } catch {
            throw Failure(
                isInMessage: true, description: "messageExpression compilation failed: \(error)")
        }
        guard found.resultType == .string else {
            throw Failure(isInMessage: true, description: "messageExpression must evaluate to a string")
        }
        messageProgram = found
    }

    /// The rule in error texts.
    var name: String { Self.trimmed(message.isEmpty ? text : message) }

    var defaultDetail: String { message.isEmpty ? "failed rule: \(name)" : name }

    static func trimmed(_ text: String) -> String {
        let core = text.drop(while: \.isWhitespace)
        guard let last = core.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(core[...last])
    }
}

/// What the rules of one node of a schema may refer to.
struct RuleEnvironment {
    let schema: CELSchema
    let plain: CELEnvironment
    let optional: CELEnvironment

    init(_ schema: CELSchema) {
        self.schema = schema
        plain = CELEnvironment(variables: ["self": schema, "oldSelf": schema])
        optional = CELEnvironment(
            variables: ["self": schema, "oldSelf": CELSchema(.optional(schema.type))])
    }
}
