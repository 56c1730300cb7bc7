internal import EdgeBase

/// `matches`, and Kubernetes' `find` and `findAll`.
enum RegexFunctions {
    static func declareMatches(in table: inout FunctionTable) {
        table.global("matches", "matches", [.string, .string], .bool, matches(nil))
        table.member("matches", "matches_string", [.string, .string], .bool, matches(nil))
    }

    static func declare(in table: inout FunctionTable) {
        table.member("find", "string_find_string", [.string, .string], .string, find(nil))
        table.member("findAll", "string_find_all_string", [.string, .string], .list(.string), findAll(nil))
        table.member(
            "findAll", "string_find_all_string_int", [.string, .string, .int], .list(.string), findAll(nil))
    }

    /// The overload with its pattern compiled already, where that is a valid constant.
    static func specialized(_ overload: CELOverload, _ arguments: [any PlanNode]) -> CELOverload {
        let make: (RegularExpression?) -> CELOverload.Implementation
        switch overload.id {
        case "matches", "matches_string": make = matches
        case "string_find_string": make = find
        case "string_find_all_string", "string_find_all_string_int": make = findAll
        default: return overload
        }
        guard arguments.count > 1, let constant = arguments[1] as? ConstantNode,
            case .string(let pattern) = constant.value
        else { return overload }
        do throws(CELEvaluationError) {
            return CELOverload(
                id: overload.id, isMember: overload.isMember, arguments: overload.arguments,
                result: overload.result, implementation: make(try compile(pattern, prefix: "")))
        } catch { return overload }
    }

    private static func compile(_ pattern: String, prefix: String) throws(CELEvaluationError)
        -> RegularExpression
    {
        do throws(RegularExpressionError) {
            return try RegularExpression(pattern)
        } catch { throw CELEvaluationError(prefix + error.description) }
    }

    private static func compiled(
        _ known: RegularExpression?, _ pattern: CELValue, prefix: String
    ) throws(CELEvaluationError) -> RegularExpression {
        if let known { return known }
        return try compile(pattern.asText, prefix: prefix)
    }

    private static func matches(_ known: RegularExpression?) -> CELOverload.Implementation {
        { values throws(CELEvaluationError) in
            let expression = try compiled(known, values[1], prefix: "")
            return .bool(expression.matches(values[0].asText))
        }
    }

    private static func find(_ known: RegularExpression?) -> CELOverload.Implementation {
        { values throws(CELEvaluationError) in
            let expression = try compiled(known, values[1], prefix: "Illegal regex: ")
            return .string(expression.firstMatchText(in: values[0].asText) ?? "")
        }
    }

    private static func findAll(_ known: RegularExpression?) -> CELOverload.Implementation {
        { values throws(CELEvaluationError) in
            let expression = try compiled(known, values[1], prefix: "Illegal regex: ")
            let limit = values.count > 2 ? Int(clamping: values[2].asInt) : -1
            return .texts(expression.allMatches(in: values[0].asText, limit: limit))
        }
    }
}
