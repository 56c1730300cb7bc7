/// Optional values (cel-go's `OptionalTypes`).
enum OptionalFunctions {
    static func declare(in table: inout FunctionTable) {
        let optional = CELType.optional(.a)
        let unreachable: CELOverload.Implementation = { _ throws(CELEvaluationError) in throw .noSuchOverload
        }
        table.global("optional.of", "optional_of", [.a], optional) { values throws(CELEvaluationError) in
            .optional(values[0])
        }
        table.global("optional.ofNonZeroValue", "optional_ofNonZeroValue", [.a], optional) {
            values throws(CELEvaluationError) in
            .optional(values[0].isZero ? nil : values[0])
        }
        table.global("optional.none", "optional_none", [], optional) { _ throws(CELEvaluationError) in
            .optional(nil)
        }
        table.member("value", "optional_value", [optional], .a) { values throws(CELEvaluationError) in
            guard case .optional(let inner?) = values[0] else {
                throw CELEvaluationError("optional.none() dereference")
            }
            return inner
        }
        table.member("hasValue", "optional_hasValue", [optional], .bool) {
            values throws(CELEvaluationError) in
            if case .optional(_?) = values[0] { .bool(true) } else { .bool(false) }
        }
        table.member("or", "optional_or_optional", [optional, optional], optional, unreachable)
        table.member("orValue", "optional_orValue_value", [optional, .a], .a, unreachable)
        let maps = CELType.mapOfAB
        for (id, operand, place, result) in [
            ("list_optindex_optional_int", CELType.listOfA, CELType.int, CELType.optional(.a)),
            ("optional_list_optindex_optional_int", .optional(.listOfA), .int, .optional(.a)),
            ("map_optindex_optional_value", maps, .a, .optional(.b)),
            ("optional_map_optindex_optional_value", .optional(maps), .a, .optional(.b)),
        ] {
            table.global("_[?_]", id, [operand, place], result, unreachable)
        }
        table.global(
            "_[_]", "optional_list_index_int", [.optional(.listOfA), .int], .optional(.a), unreachable)
        table.global("_[_]", "optional_map_index_value", [.optional(maps), .a], .optional(.b), unreachable)
        table.member("first", "list_first", [.listOfA], optional) { values throws(CELEvaluationError) in
            let list = values[0].asList
            return .optional(list.count > 0 ? list[0] : nil)
        }
        table.member("last", "list_last", [.listOfA], optional) { values throws(CELEvaluationError) in
            let list = values[0].asList
            return .optional(list.count > 0 ? list[list.count - 1] : nil)
        }
        table.global("optional.unwrap", "optional_unwrap", [.list(optional)], .listOfA, unwrap)
        table.member("unwrapOpt", "optional_unwrapOpt", [.list(optional)], .listOfA, unwrap)
    }

    private static let unwrap: CELOverload.Implementation = { values throws(CELEvaluationError) in
        var found: [CELValue] = []
        for value in values[0].asList.values {
            guard case .optional(let inner) = value else {
                throw CELEvaluationError("value \(value.plainText) is not optional")
            }
            if let inner { found.append(inner) }
        }
        return .list(CELList(found))
    }
}
