/// A parsed regular expression.
indirect enum RegexNode {
    case empty
    case literal(Unicode.Scalar)
    case set(RegexSet)
    case anyExceptNewline
    case any
    case assertion(RegexAssertion)
    case concatenation([RegexNode])
    case alternation([RegexNode])
    case repetition(RegexNode, minimum: Int, maximum: Int?, isGreedy: Bool)
}

/// A condition on a place of the text.
enum RegexAssertion: Sendable {
    case beginOfText
    case endOfText
    case beginOfLine
    case endOfLine
    case wordBoundary
    case notWordBoundary
}
