/// Why a text is no regular expression, in the words of Go's `regexp/syntax`.
public struct RegularExpressionError: Error, Equatable, CustomStringConvertible {
    public enum Reason: String, Sendable {
        case invalidClass = "invalid character class"
        case invalidClassRange = "invalid character class range"
        case invalidEscape = "invalid escape sequence"
        case invalidNamedGroup = "invalid named capture"
        case invalidPerlSyntax = "invalid or unsupported Perl syntax"
        case invalidRepeat = "invalid nested repetition operator"
        case invalidRepeatCount = "invalid repeat count"
        case missingBracket = "missing closing ]"
        case missingParenthesis = "missing closing )"
        case unexpectedParenthesis = "unexpected )"
        case missingRepeatArgument = "missing argument to repetition operator"
        case trailingBackslash = "trailing backslash at end of expression"
        case nestsTooDeeply = "expression nests too deeply"
        case tooLarge = "expression too large"
    }

    public let reason: Reason
    /// The part of the pattern that is wrong.
    public let part: String

    public var description: String { "error parsing regexp: \(reason.rawValue): `\(part)`" }
}
