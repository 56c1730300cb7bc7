/// The macros of the language and of its extensions.
enum Macros {
    typealias Table = [MacroKey: Macro]

    private static func member(_ name: String, _ count: Int) -> MacroKey {
        MacroKey(name: name, isMember: true, count: count)
    }

    /// `has`, and the macros over one variable.
    static let standard: Table = [
        MacroKey(name: "has", isMember: false, count: 1): has,
        member("all", 2): { context throws(MacroError) in try all(context, second: false) },
        member("exists", 2): { context throws(MacroError) in try exists(context, second: false) },
        member("exists_one", 2): { context throws(MacroError) in try existsOne(context, second: false) },
        member("existsOne", 2): { context throws(MacroError) in try existsOne(context, second: false) },
        member("map", 2): { context throws(MacroError) in try transformList(context, second: false) },
        member("map", 3): { context throws(MacroError) in try transformList(context, second: false) },
        member("filter", 2): filter,
    ]

    /// The macros over an index or key and a value.
    static let twoVariables: Table = [
        member("all", 3): { context throws(MacroError) in try all(context, second: true) },
        member("exists", 3): { context throws(MacroError) in try exists(context, second: true) },
        member("exists_one", 3): { context throws(MacroError) in try existsOne(context, second: true) },
        member("existsOne", 3): { context throws(MacroError) in try existsOne(context, second: true) },
        member("transformList", 3): { context throws(MacroError) in try transformList(context, second: true)
        },
        member("transformList", 4): { context throws(MacroError) in try transformList(context, second: true)
        },
        member("transformMap", 3): { context throws(MacroError) in try transformMap(context, isEntry: false)
        },
        member("transformMap", 4): { context throws(MacroError) in try transformMap(context, isEntry: false)
        },
        member("transformMapEntry", 3): { context throws(MacroError) in
            try transformMap(context, isEntry: true)
        },
        member("transformMapEntry", 4): { context throws(MacroError) in
            try transformMap(context, isEntry: true)
        },
    ]

    static let optionals: Table = [
        member("optMap", 2): { context throws(MacroError) in try optionalMap(context, isFlat: false) },
        member("optFlatMap", 2): { context throws(MacroError) in try optionalMap(context, isFlat: true) },
    ]

    static let bindings: Table = [member("bind", 3): bind]

    static let lists: Table = [member("sortBy", 2): sortBy]

    private static func has(_ context: MacroContext) throws(MacroError) -> Expression? {
        guard case .select(let operand, let field, false) = context.arguments[0].kind else {
            throw MacroError(message: "invalid argument to has() macro", offset: context.offset)
        }
        return context.make(.select(operand, field: field, isTest: true))
    }

    /// The one or two variables of a macro, and the arguments behind them.
    private static func variables(
        _ context: MacroContext, _ second: Bool
    ) throws(MacroError) -> (first: String, second: String?, rest: [Expression]) {
        let first = try context.variable(0)
        guard second else { return (first, nil, Array(context.arguments.dropFirst())) }
        let other = try context.variable(1)
        if first == other {
            throw MacroError(
                message: "duplicate variable name: \(first)", offset: context.arguments[1].offset)
        }
        return (first, other, Array(context.arguments.dropFirst(2)))
    }

    private static func all(_ context: MacroContext, second: Bool) throws(MacroError) -> Expression {
        let names = try variables(context, second)
        return context.fold(
            names.first, names.second, initial: context.literal(.bool(true)),
            condition: context.call("@not_strictly_false", context.accumulator),
            step: context.call("_&&_", context.accumulator, names.rest[0]))
    }

    private static func exists(_ context: MacroContext, second: Bool) throws(MacroError) -> Expression {
        let names = try variables(context, second)
        return context.fold(
            names.first, names.second, initial: context.literal(.bool(false)),
            condition: context.call("@not_strictly_false", context.call("!_", context.accumulator)),
            step: context.call("_||_", context.accumulator, names.rest[0]))
    }

    private static func existsOne(_ context: MacroContext, second: Bool) throws(MacroError) -> Expression {
        let names = try variables(context, second)
        let one = CELValue.int(1)
        return context.fold(
            names.first, names.second, initial: context.literal(.int(0)),
            condition: context.literal(.bool(true)),
            step: context.call(
                "_?_:_", names.rest[0], context.call("_+_", context.accumulator, context.literal(one)),
                context.accumulator),
            result: context.call("_==_", context.accumulator, context.literal(one)))
    }

    private static func transformList(_ context: MacroContext, second: Bool) throws(MacroError) -> Expression
    {
        let names = try variables(context, second)
        let transform = names.rest[names.rest.count - 1]
        return collect(context, names, filter: names.rest.count > 1 ? names.rest[0] : nil, transform)
    }

    private static func filter(_ context: MacroContext) throws(MacroError) -> Expression? {
        let names = try variables(context, false)
        return collect(context, names, filter: names.rest[0], context.identifier(names.first))
    }

    private static func collect(
        _ context: MacroContext, _ names: (first: String, second: String?, rest: [Expression]),
        filter: Expression?, _ element: Expression
    ) -> Expression {
        var step = context.call("_+_", context.accumulator, context.list(element))
        if let filter { step = context.call("_?_:_", filter, step, context.accumulator) }
        return context.fold(
            names.first, names.second, initial: context.list(), condition: context.literal(.bool(true)),
            step: step)
    }

    private static func transformMap(_ context: MacroContext, isEntry: Bool) throws(MacroError) -> Expression
    {
        let names = try variables(context, true)
        let transform = names.rest[names.rest.count - 1]
        var step =
            isEntry
            ? context.call("cel.@mapInsert", context.accumulator, transform)
            : context.call("cel.@mapInsert", context.accumulator, context.identifier(names.first), transform)
        if names.rest.count > 1 {
            step = context.call("_?_:_", names.rest[0], step, context.accumulator)
        }
        return context.fold(
            names.first, names.second, initial: context.make(.map([])),
            condition: context.literal(.bool(true)),
            step: step)
    }

    /// The target is bound to a name, so that a chain of these does not copy it again and again.
    private static func optionalMap(_ context: MacroContext, isFlat: Bool) throws(MacroError) -> Expression? {
        guard let target = context.target else { return nil }
        let name = try context.variable(
            0, "\(isFlat ? "optFlatMap" : "optMap")() variable name must be a simple identifier")
        let bound = "@target"
        let value = context.bind(
            name, to: context.member("value", of: context.identifier(bound)), in: context.arguments[1])
        return context.bind(
            bound, to: target,
            in: context.call(
                "_?_:_", context.member("hasValue", of: context.identifier(bound)),
                isFlat ? value : context.call("optional.of", value), context.call("optional.none")))
    }

    private static func bind(_ context: MacroContext) throws(MacroError) -> Expression? {
        guard context.target?.identifier == "cel" else { return nil }
        let name = try context.variable(0, "cel.bind() variable names must be simple identifiers")
        return context.bind(name, to: context.arguments[1], in: context.arguments[2])
    }

    private static func sortBy(_ context: MacroContext) throws(MacroError) -> Expression? {
        guard let target = context.target else { return nil }
        let name = try context.variable(0)
        let input = "@sortBy"
        let keys = MacroContext(target: context.identifier(input), arguments: [], offset: context.offset)
        let mapped = collect(keys, (name, nil, []), filter: nil, context.arguments[1])
        return context.bind(
            input, to: target,
            in: context.member("@sortByAssociatedKeys", of: context.identifier(input), mapped))
    }
}
