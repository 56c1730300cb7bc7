/// Logic, equality and order.
enum ComparisonFunctions {
    static func declare(in table: inout FunctionTable) {
        // These have instructions of their own; the declarations are for the type checker.
        let unreachable: CELOverload.Implementation = { _ throws(CELEvaluationError) in throw .noSuchOverload
        }
        table.global("_?_:_", "conditional", [.bool, .a, .a], .a, unreachable)
        table.global("_&&_", "logical_and", [.bool, .bool], .bool, unreachable)
        table.global("_||_", "logical_or", [.bool, .bool], .bool, unreachable)
        table.global("@not_strictly_false", "not_strictly_false", [.bool], .bool, unreachable)
        table.global("_==_", "equals", [.a, .a], .bool, unreachable)
        table.global("_!=_", "not_equals", [.a, .a], .bool, unreachable)
        table.global("!_", "logical_not", [.bool], .bool) { values throws(CELEvaluationError) in
            .bool(!values[0].asBool)
        }
        declareOrder("_<_", "less", in: &table) { $0 < 0 }
        declareOrder("_<=_", "less_equals", in: &table) { $0 <= 0 }
        declareOrder("_>_", "greater", in: &table) { $0 > 0 }
        declareOrder("_>=_", "greater_equals", in: &table) { $0 >= 0 }
    }

    private static let types: [(name: String, type: CELType)] = [
        ("bool", .bool), ("int64", .int), ("uint64", .uint), ("double", .double), ("string", .string),
        ("bytes", .bytes), ("timestamp", .timestamp), ("duration", .duration),
    ]

    private static func declareOrder(
        _ name: String, _ id: String, in table: inout FunctionTable,
        _ holds: @escaping @Sendable (Int) -> Bool
    ) {
        let implementation: CELOverload.Implementation = { values throws(CELEvaluationError) in
            // Only a NaN has no order among the types of the signatures: it is neither less nor greater.
            .bool(values[0].compare(values[1]).map(holds) ?? false)
        }
        for (typeName, type) in types {
            table.global(name, "\(id)_\(typeName)", [type, type], .bool, implementation)
        }
        let numbers = types[1...3]
        for (leftName, left) in numbers {
            for (rightName, right) in numbers where rightName != leftName {
                table.global(name, "\(id)_\(leftName)_\(rightName)", [left, right], .bool, implementation)
            }
        }
    }
}
