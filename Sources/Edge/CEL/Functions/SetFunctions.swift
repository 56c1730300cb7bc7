/// Lists as sets (cel-go's `sets`).
enum SetFunctions {
    static func declare(in table: inout FunctionTable) {
        let lists: [CELType] = [.listOfA, .listOfA]
        table.global("sets.contains", "list_sets_contains_list", lists, .bool) {
            values throws(CELEvaluationError) in
            .bool(contains(values[0].asList, values[1].asList))
        }
        table.global("sets.equivalent", "list_sets_equivalent_list", lists, .bool) {
            values throws(CELEvaluationError) in
            .bool(
                contains(values[0].asList, values[1].asList) && contains(values[1].asList, values[0].asList))
        }
        table.global("sets.intersects", "list_sets_intersects_list", lists, .bool) {
            values throws(CELEvaluationError) in
            let other = ValueSet(values[1].asList.values)
            return .bool(values[0].asList.values.contains(where: other.contains))
        }
    }

    private static func contains(_ list: CELList, _ part: CELList) -> Bool {
        let values = ValueSet(list.values)
        return part.values.allSatisfy(values.contains)
    }
}
