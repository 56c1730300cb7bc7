internal import Synchronization

/// Who asks, and how the request is to be treated, on the whole way through the registry.
public struct RequestContext: Sendable {
    /// How unknown and repeated fields of a body are treated.
    public enum FieldValidation: String, Sendable {
        case ignore = "Ignore"
        case warn = "Warn"
        case strict = "Strict"
    }

    public var user: UserInfo
    public var isDryRun = false
    public var fieldManager = ""
    public var fieldValidation = FieldValidation.warn
    /// Where warnings for the client gather.
    public let warnings = Warnings()

    public init(user: UserInfo) {
        self.user = user
    }

    /// Texts for `Warning:` headers, each once and no more than a client can read.
    public final class Warnings: Sendable {
        private static let maximum = 32
        private let texts = Mutex<[String]>([])

        public var all: [String] { texts.withLock { $0 } }

        public func add(_ text: String) {
            texts.withLock { texts in
                if texts.count < Self.maximum, !texts.contains(text) { texts.append(text) }
            }
        }
    }
}
