/// Kubernetes' functions of lists, and cel-go's list extension.
enum ListFunctions {
    static let comparableTypes: [CELType] = [
        .int, .uint, .double, .bool, .duration, .timestamp, .string, .bytes,
    ]

    /// What `lists.range` refuses: more could not be paid for either.
    static let maximumRange = Int64(CELCost.perCallLimit)

    static func declare(in table: inout FunctionTable) {
        for type in comparableTypes {
            let name = "\(type)"
            table.member("isSorted", "list_\(name)_is_sorted_bool", [.list(type)], .bool, isSorted)
            table.member("min", "list_\(name)_min_\(name)", [.list(type)], type) {
                values throws(CELEvaluationError) in
                try extreme(values[0].asList, "min") { $0 < 0 }
            }
            table.member("max", "list_\(name)_max_\(name)", [.list(type)], type) {
                values throws(CELEvaluationError) in
                try extreme(values[0].asList, "max") { $0 > 0 }
            }
        }
        let zeros: [(CELType, CELValue)] = [
            (.int, .int(0)), (.uint, .uint(0)), (.double, .double(0)),
            (.duration, .duration(CELDuration(nanoseconds: 0))),
        ]
        for (type, zero) in zeros {
            table.member("sum", "list_\(type)_sum_\(type)", [.list(type)], type) {
                values throws(CELEvaluationError) in
                try sum(values[0].asList, zero)
            }
        }
        table.member("indexOf", "list_a_index_of_int", [.listOfA, .a], .int) {
            values throws(CELEvaluationError) in
            .int(Int64(values[0].asList.values.firstIndex { $0.equals(values[1]) } ?? -1))
        }
        table.member("lastIndexOf", "list_a_last_index_of_int", [.listOfA, .a], .int) {
            values throws(CELEvaluationError) in
            .int(Int64(values[0].asList.values.lastIndex { $0.equals(values[1]) } ?? -1))
        }
    }

    private static let isSorted: CELOverload.Implementation = { values throws(CELEvaluationError) in
        let list = values[0].asList.values
        for (left, right) in zip(list, list.dropFirst()) {
            guard let order = left.compare(right) else { throw .noSuchOverload }
            if order > 0 { return .bool(false) }
        }
        return .bool(true)
    }

    private static func extreme(
        _ list: CELList, _ name: String, _ isBetter: (Int) -> Bool
    ) throws(CELEvaluationError) -> CELValue {
        guard list.count > 0 else { throw CELEvaluationError("\(name) called on empty list") }
        var best = list[0]
        for value in list.values.dropFirst() {
            guard let order = value.compare(best) else { throw .noSuchOverload }
            if isBetter(order) { best = value }
        }
        return best
    }

    private static func sum(_ list: CELList, _ zero: CELValue) throws(CELEvaluationError) -> CELValue {
        var sum = zero
        for value in list.values {
            switch (sum, value) {
            case (.int(let left), .int(let right)):
                let (result, overflow) = left.addingReportingOverflow(right)
                if overflow { throw ArithmeticFunctions.intOverflow }
                sum = .int(result)
            case (.uint(let left), .uint(let right)):
                let (result, overflow) = left.addingReportingOverflow(right)
                if overflow { throw ArithmeticFunctions.uintOverflow }
                sum = .uint(result)
            case (.double(let left), .double(let right)): sum = .double(left + right)
            case (.duration(let left), .duration(let right)):
                let (result, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
                if overflow { throw ArithmeticFunctions.durationOverflow }
                sum = .duration(CELDuration(nanoseconds: result))
            default: throw .noSuchOverload
            }
        }
        return sum
    }

    // MARK: the extension

    static func declareExtension(in table: inout FunctionTable) {
        table.member("slice", "list_slice", [.listOfA, .int, .int], .listOfA) {
            values throws(CELEvaluationError) in
            try slice(values[0].asList, values[1].asInt, values[2].asInt)
        }
        table.member("flatten", "list_flatten", [.list(.listOfA)], .listOfA) {
            values throws(CELEvaluationError) in
            .list(CELList(flattened(values[0].asList, 1)))
        }
        table.member("flatten", "list_flatten_int", [.list(.dyn), .int], .list(.dyn)) {
            values throws(CELEvaluationError) in
            guard values[1].asInt >= 0 else { throw CELEvaluationError("level must be non-negative") }
            return .list(CELList(flattened(values[0].asList, values[1].asInt)))
        }
        table.member("reverse", "list_reverse", [.listOfA], .listOfA) { values throws(CELEvaluationError) in
            .list(CELList(values[0].asList.values.reversed()))
        }
        table.member("distinct", "list_distinct", [.listOfA], .listOfA) { values throws(CELEvaluationError) in
            .list(CELList(distinct(values[0].asList)))
        }
        table.global("lists.range", "lists_range", [.int], .list(.int)) { values throws(CELEvaluationError) in
            guard values[0].asInt <= maximumRange else { throw .costLimit }
            return .list(CELList((0..<max(0, values[0].asInt)).map { .int($0) }))
        }
        for type in comparableTypes {
            table.member("sort", "list_\(type.name)_sort", [.list(type)], .list(type)) {
                values throws(CELEvaluationError) in
                try sorted(values[0].asList, by: values[0].asList)
            }
            table.member(
                "@sortByAssociatedKeys", "list_\(type.name)_sortByAssociatedKeys", [.listOfA, .list(type)],
                .listOfA
            ) { values throws(CELEvaluationError) in
                try sorted(values[0].asList, by: values[1].asList)
            }
        }
    }

    private static func slice(_ list: CELList, _ start: Int64, _ end: Int64) throws(CELEvaluationError)
        -> CELValue
    {
        let call = "cannot slice(\(start), \(end))"
        if start < 0 || end < 0 { throw CELEvaluationError("\(call), negative indexes not supported") }
        if start > end {
            throw CELEvaluationError("\(call), start index must be less than or equal to end index")
        }
        if list.count < end { throw CELEvaluationError("\(call), list is length \(list.count)") }
        return .list(CELList((Int(start)..<Int(end)).map { list[$0] }))
    }

    private static func flattened(_ list: CELList, _ depth: Int64) -> [CELValue] {
        guard depth > 0 else { return list.values }
        return list.values.flatMap { value -> [CELValue] in
            if case .list(let inner) = value { flattened(inner, depth - 1) } else { [value] }
        }
    }

    private static func distinct(_ list: CELList) -> [CELValue] {
        var known = ValueSet([])
        return list.values.filter { known.insert($0) }
    }

    private static func sorted(_ list: CELList, by keys: CELList) throws(CELEvaluationError) -> CELValue {
        guard list.count == keys.count else {
            throw CELEvaluationError(
                "@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got "
                    + "\(list.count) and \(keys.count) elements respectively")
        }
        let keyValues = keys.values
        guard let first = keyValues.first else { return .list(list) }
        guard first.compare(first) != nil else {
            throw CELEvaluationError("list elements must be comparable")
        }
        guard keyValues.allSatisfy({ $0.type == first.type }) else {
            throw CELEvaluationError("list elements must have the same type")
        }
        let order = keyValues.indices.sorted { (keyValues[$0].compare(keyValues[$1]) ?? 0) < 0 }
        let values = list.values
        return .list(CELList(order.map { values[$0] }))
    }
}
