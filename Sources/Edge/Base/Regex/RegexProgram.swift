/// A regular expression as instructions for a machine of threads (Thompson's construction).
struct RegexProgram: Sendable {
    enum Instruction: Sendable {
        case scalar(UInt32)
        case set(Int)
        case anyExceptNewline
        case any
        /// Goes on in two places; the first is preferred.
        case split(Int, Int)
        case jump(Int)
        case assertion(RegexAssertion)
        case match
    }

    /// More than this is refused: a bound for the memory and the time per character.
    static let maximumSize = 50_000

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [RegexSet] = []
    /// The first instruction demands the begin of the text, so that no other start need be tried.
    let isAnchored: Bool

    init(_ node: RegexNode, pattern: String) throws(RegularExpressionError) {
        isAnchored = Self.beginsWithAnchor(node)
        guard emit(node), append(.match) else {
            throw RegularExpressionError(reason: .tooLarge, part: pattern)
        }
    }

    private static func beginsWithAnchor(_ node: RegexNode) -> Bool {
        switch node {
        case .assertion(.beginOfText): true
        case .concatenation(let parts): parts.first.map(beginsWithAnchor) ?? false
        case .alternation(let parts): parts.allSatisfy(beginsWithAnchor)
        default: false
        }
    }

    private mutating func append(_ instruction: Instruction) -> Bool {
        instructions.append(instruction)
        return instructions.count <= Self.maximumSize
    }

    /// Appends the code of a node; false where the program gets too large.
    private mutating func emit(_ node: RegexNode) -> Bool {
        switch node {
        case .empty: return true
        case .literal(let scalar): return append(.scalar(scalar.value))
        case .set(let set):
            sets.append(set)
            return append(.set(sets.count - 1))
        case .anyExceptNewline: return append(.anyExceptNewline)
        case .any: return append(.any)
        case .assertion(let assertion): return append(.assertion(assertion))
        case .concatenation(let parts):
            for part in parts where !emit(part) { return false }
            return true
        case .alternation(let parts): return emitAlternation(parts)
        case .repetition(let inner, let minimum, let maximum, let isGreedy):
            return emitRepetition(inner, minimum, maximum, isGreedy)
        }
    }

    private mutating func emitAlternation(_ parts: [RegexNode]) -> Bool {
        var jumps: [Int] = []
        for (index, part) in parts.enumerated() {
            guard index < parts.count - 1 else {
                guard emit(part) else { return false }
                break
            }
            let split = instructions.count
            guard append(.split(split + 1, 0)), emit(part), append(.jump(0)) else { return false }
            jumps.append(instructions.count - 1)
            instructions[split] = .split(split + 1, instructions.count)
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
        return true
    }

    private mutating func emitRepetition(
        _ inner: RegexNode, _ minimum: Int, _ maximum: Int?, _ isGreedy: Bool
    ) -> Bool {
        guard let maximum else {
            if minimum == 0 { return emitStar(inner, isGreedy) }
            for _ in 1..<minimum where !emit(inner) { return false }
            return emitPlus(inner, isGreedy)
        }
        for _ in 0..<minimum where !emit(inner) { return false }
        var splits: [Int] = []
        for _ in minimum..<maximum {
            splits.append(instructions.count)
            guard append(.split(0, 0)), emit(inner) else { return false }
        }
        for split in splits { setSplit(split, to: split + 1, or: instructions.count, isGreedy) }
        return true
    }

    /// The inner part, then again or on.
    private mutating func emitPlus(_ inner: RegexNode, _ isGreedy: Bool) -> Bool {
        let start = instructions.count
        guard emit(inner), append(.split(0, 0)) else { return false }
        setSplit(instructions.count - 1, to: start, or: instructions.count, isGreedy)
        return true
    }

    /// A part that can be empty is repeated as `(x+)?`: only so the order of preference comes out right.
    private mutating func emitStar(_ inner: RegexNode, _ isGreedy: Bool) -> Bool {
        let split = instructions.count
        guard append(.split(0, 0)) else { return false }
        if Self.canBeEmpty(inner) {
            guard emitPlus(inner, isGreedy) else { return false }
        } else {
            guard emit(inner), append(.jump(split)) else { return false }
        }
        setSplit(split, to: split + 1, or: instructions.count, isGreedy)
        return true
    }

    private static func canBeEmpty(_ node: RegexNode) -> Bool {
        switch node {
        case .empty, .assertion: true
        case .literal, .set, .any, .anyExceptNewline: false
        case .concatenation(let parts): parts.allSatisfy(canBeEmpty)
        case .alternation(let parts): parts.contains(where: canBeEmpty)
        case .repetition(let inner, let minimum, _, _): minimum == 0 || canBeEmpty(inner)
        }
    }

    private mutating func setSplit(_ index: Int, to inner: Int, or end: Int, _ isGreedy: Bool) {
        instructions[index] = isGreedy ? .split(inner, end) : .split(end, inner)
    }
}
