public import EdgeAPI
public import EdgeJSON
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
    /// The `fieldManager` parameter.
    public var fieldManager = ""
    /// Who it is when the parameter is missing: the first part of the user agent.
    public var agent = ""
    /// Whether an apply takes fields away from their owners.
    public var isForced = false
    public var fieldValidation = FieldValidation.warn
    /// The same as the client asked for it; nil when it did not.
    public var requestedValidation: FieldValidation?
    /// The resource in the version of the request, where that is not the stored one.
    public var served: ResourceDefinition?
    /// The options of a deletion as admission is told of them.
    public var deleteOptions: JSONObject?
    /// Whether admission webhooks are asked. Not for what this server has to write to be a server: a webhook
    /// that cannot be reached must not keep it from starting, and with it the webhook's own pod.
    public var asksWebhooks = true
    /// What admission notes about the request for the audit log.
    public let annotations = AuditAnnotations()
    /// Where warnings for the client gather.
    public let warnings: Warnings

    public init(user: UserInfo) {
        self.init(user: user, record: nil)
    }

    init(user: UserInfo, record: AuditRecord?) {
        self.user = user
        warnings = Warnings(record: record)
    }

    /// For what the server itself writes.
    static var ofServer: RequestContext {
        var context = RequestContext(user: .apiServer)
        context.asksWebhooks = false
        return context
    }

    /// Under which name the fields are booked that this request sets.
    var manager: String { fieldManager.isEmpty ? agent : fieldManager }

    /// The first part of a user agent, as a manager's name: `kubectl` of `kubectl/v1.33.0 (linux/amd64)`.
    static func agent(_ userAgent: String) -> String {
        let first = userAgent.unicodeScalars.prefix { $0 != "/" }.filter(isPrintable)
        return String(String.UnicodeScalarView(first.prefix(128)))
    }

    static func isPrintable(_ character: Unicode.Scalar) -> Bool {
        switch character.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            false
        case .spaceSeparator: character == " "
        default: true
        }
    }

    /// Texts for `Warning:` headers, each once and no more than a client can read.
    public final class Warnings: Sendable {
        private static let maximum = 32
        private let texts = Mutex<[String]>([])
        private let record: AuditRecord?

        public convenience init() { self.init(record: nil) }

        init(record: AuditRecord?) {
            self.record = record
        }

        /// Whether somebody reads annotations.
        var isAudited: Bool { record != nil }

        /// Adds to what the audit log says about the request; admission's names begin with the plugin's domain.
        func annotate(_ key: String, _ value: @autoclosure () -> String) {
            record?.annotate(key, value())
        }

        public var all: [String] { texts.withLock { $0 } }

        public func add(_ text: String) {
            texts.withLock { texts in
                if texts.count < Self.maximum, !texts.contains(text) { texts.append(text) }
            }
        }
    }

    /// Notes by key, such as `webhook.example.com/reason`; the first one of a key stays.
    public final class AuditAnnotations: Sendable {
        private let notes = Mutex<[String: String]>([:])

        public var all: [String: String] { notes.withLock { $0 } }

        public func add(_ key: String, _ value: String) {
            notes.withLock { notes in
                if notes[key] == nil { notes[key] = value }
            }
        }
    }
}
