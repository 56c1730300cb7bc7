/// What the macros that make maps expand to; the planner has an instruction of its own for it.
enum MapFunctions {
    static func declare(in table: inout FunctionTable) {
        let unreachable: CELOverload.Implementation = { _ throws(CELEvaluationError) in throw .noSuchOverload
        }
        table.global("cel.@mapInsert", "@mapInsert_map_key_value", [.mapOfAB, .a, .b], .mapOfAB, unreachable)
        table.global("cel.@mapInsert", "@mapInsert_map_map", [.mapOfAB, .mapOfAB], .mapOfAB, unreachable)
    }
}
