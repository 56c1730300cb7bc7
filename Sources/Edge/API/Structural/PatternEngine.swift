/// Decides whether a text matches a regular expression of RE2's syntax, in time linear in the text.
public protocol PatternMatcher: Sendable {
    func matches(_ text: String) -> Bool
}

/// Makes matchers for the `pattern` of schemas.
public struct PatternEngine: Sendable {
    public let compile: @Sendable (String) throws -> any PatternMatcher

    public init(compile: @escaping @Sendable (String) throws -> any PatternMatcher) {
        self.compile = compile
    }

    /// The engine of this build; without one patterns are not enforced, and a definition that has one is
    /// answered with a Warning.
    public static let current: PatternEngine? = nil
}
