/// A call that the parser rewrites: its name, its style, and how many arguments it has.
struct MacroKey: Hashable, Sendable {
    let name: String
    let isMember: Bool
    let count: Int
}

/// Rewrites a call; nil where the call is no use of the macro after all.
typealias Macro = @Sendable (MacroContext) throws(MacroError) -> Expression?

/// The arguments of a macro are not what it takes.
struct MacroError: Error {
    let message: String
    let offset: Int
}

/// A macro's call, and makers of nodes at its place.
struct MacroContext {
    let target: Expression?
    let arguments: [Expression]
    let offset: Int

    func make(_ kind: Expression.Kind) -> Expression { Expression(kind, at: offset) }
    func literal(_ value: CELValue) -> Expression { make(.literal(value)) }
    func identifier(_ name: String) -> Expression { make(.identifier(name)) }
    var accumulator: Expression { identifier(Expression.accumulator) }
    func list(_ elements: Expression...) -> Expression { make(.list(elements, optional: [])) }
    func call(_ name: String, _ arguments: Expression...) -> Expression {
        make(.call(name, target: nil, arguments: arguments))
    }
    func member(_ name: String, of target: Expression, _ arguments: Expression...) -> Expression {
        make(.call(name, target: target, arguments: arguments))
    }

    /// The name that an argument is; variables of macros must be plain names.
    func variable(_ index: Int, _ message: String = "argument must be a simple name") throws(MacroError)
        -> String
    {
        guard let name = arguments[index].identifier, !name.hasPrefix(".") else {
            throw MacroError(message: message, offset: arguments[index].offset)
        }
        if name == "__result__" || name == Expression.accumulator {
            throw MacroError(
                message: "iteration variable overwrites accumulator variable", offset: arguments[index].offset
            )
        }
        return name
    }

    /// A fold of the target into the accumulator.
    func fold(
        _ variable: String, _ second: String?, initial: Expression, condition: Expression, step: Expression,
        result: Expression? = nil
    ) -> Expression {
        make(
            .comprehension(
                Expression.Comprehension(
                    range: target ?? list(), variable: variable, secondVariable: second,
                    accumulator: Expression.accumulator, initial: initial, condition: condition, step: step,
                    result: result ?? accumulator)))
    }

    /// A value under a name within an expression.
    func bind(_ name: String, to value: Expression, in body: Expression) -> Expression {
        make(
            .comprehension(
                Expression.Comprehension(
                    range: list(), variable: "#unused", secondVariable: nil, accumulator: name,
                    initial: value,
                    condition: literal(.bool(false)), step: identifier(name), result: body)))
    }
}
