/// Why a patch cannot be read or applied; the words are those of the library that Kubernetes uses.
public struct JSONPatchError: Error, Equatable, CustomStringConvertible {
    public enum Reason: Sendable, Equatable {
        /// The patch itself is wrong: 400.
        case malformed
        /// The document does not have what the patch expects: 422.
        case doesNotApply
        /// More operations, copies or nesting than allowed: 413.
        case tooLarge
    }

    public let reason: Reason
    public let description: String

    /// A `test` operation has found another value than it wants.
    public var isFailedTest: Bool { reason == .doesNotApply && description.hasPrefix("testing ") }

    public init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }

    static func missing(_ description: String) -> Self {
        Self(.doesNotApply, description + ": missing value")
    }
}
