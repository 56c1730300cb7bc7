/// A node of the syntax tree. The checker writes types and overloads into it; it lives for one compilation.
final class Expression {
    indirect enum Kind {
        case literal(CELValue)
        case identifier(String)
        /// `operand.field`, or only the question whether the field is there.
        case select(Expression, field: String, isTest: Bool)
        case call(String, target: Expression?, arguments: [Expression])
        case list([Expression], optional: Set<Int>)
        case map([Entry])
        case object(String, [Field])
        case comprehension(Comprehension)
    }

    struct Entry {
        let key: Expression
        let value: Expression
        let isOptional: Bool
    }

    struct Field {
        let name: String
        let value: Expression
        let isOptional: Bool
        let offset: Int
    }

    /// A fold over a list or map, which macros expand to.
    struct Comprehension {
        let range: Expression
        let variable: String
        let secondVariable: String?
        let accumulator: String
        let initial: Expression
        let condition: Expression
        let step: Expression
        let result: Expression
    }

    var kind: Kind
    /// Where the node's own token stands.
    let offset: Int
    var type: CELType = .error
    /// The overloads of a call that its arguments' types fit.
    var overloads: [CELOverload] = []

    init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    /// The accumulator's name in all macros; not to be written by a user.
    static let accumulator = "@result"

    var identifier: String? {
        if case .identifier(let name) = kind { name } else { nil }
    }

    /// The names of `a.b.c`; nil for anything else.
    var qualifiedName: [String]? {
        var names: [String] = []
        var expression = self
        while true {
            switch expression.kind {
            case .identifier(let name): return [name] + names.reversed()
            case .select(let operand, let field, let isTest):
                guard !isTest else { return nil }
                names.append(field)
                expression = operand
            default: return nil
            }
        }
    }

    var children: [Expression] {
        switch kind {
        case .literal, .identifier: []
        case .select(let operand, _, _): [operand]
        case .call(_, let target, let arguments): (target.map { [$0] } ?? []) + arguments
        case .list(let elements, _): elements
        case .map(let entries): entries.flatMap { [$0.key, $0.value] }
        case .object(_, let fields): fields.map(\.value)
        case .comprehension(let fold): [fold.range, fold.initial, fold.condition, fold.step, fold.result]
        }
    }

    /// A copy of the whole tree, so that it can be checked in another place.
    func copy() -> Expression {
        let kind: Kind =
            switch kind {
            case .literal, .identifier: kind
            case .select(let operand, let field, let isTest):
                .select(operand.copy(), field: field, isTest: isTest)
            case .call(let name, let target, let arguments):
                .call(name, target: target?.copy(), arguments: arguments.map { $0.copy() })
            case .list(let elements, let optional): .list(elements.map { $0.copy() }, optional: optional)
            case .map(let entries):
                .map(
                    entries.map {
                        Entry(key: $0.key.copy(), value: $0.value.copy(), isOptional: $0.isOptional)
                    })
            case .object(let name, let fields):
                .object(
                    name,
                    fields.map {
                        Field(
                            name: $0.name, value: $0.value.copy(), isOptional: $0.isOptional,
                            offset: $0.offset)
                    })
            case .comprehension(let fold):
                .comprehension(
                    Comprehension(
                        range: fold.range.copy(), variable: fold.variable,
                        secondVariable: fold.secondVariable,
                        accumulator: fold.accumulator, initial: fold.initial.copy(),
                        condition: fold.condition.copy(), step: fold.step.copy(), result: fold.result.copy()))
            }
        return Expression(kind, at: offset)
    }
}
