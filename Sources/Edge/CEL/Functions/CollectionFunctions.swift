/// `size`, `in` and indexes.
enum CollectionFunctions {
    static func declare(in table: inout FunctionTable) {
        let unreachable: CELOverload.Implementation = { _ throws(CELEvaluationError) in throw .noSuchOverload
        }
        table.global("_[_]", "index_list", [.listOfA, .int], .a, unreachable)
        table.global("_[_]", "index_map", [.mapOfAB, .a], .b, unreachable)
        table.global("@in", "in_list", [.a, .listOfA], .bool) { values throws(CELEvaluationError) in
            .bool(values[1].asList.contains(values[0]))
        }
        table.global("@in", "in_map", [.a, .mapOfAB], .bool) { values throws(CELEvaluationError) in
            .bool(values[1].asMap.contains(values[0]))
        }
        let types: [(String, CELType)] = [
            ("string", .string), ("bytes", .bytes), ("list", .listOfA), ("map", .mapOfAB),
        ]
        for (name, type) in types {
            let size: CELOverload.Implementation = { values throws(CELEvaluationError) in
                .int(Int64(values[0].costSize))
            }
            table.global("size", "size_\(name)", [type], .int, size)
            table.member("size", "\(name)_size", [type], .int, size)
        }
    }
}
