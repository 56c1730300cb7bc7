internal import EdgeJSON

/// A set of requirements on labels, all of which must hold.
public struct LabelSelector: Sendable, Hashable {
    public enum Operator: String, Sendable, Hashable {
        case `in` = "in"
        case notIn = "notin"
        case equals = "="
        case doubleEquals = "=="
        case notEquals = "!="
        case exists = "exists"
        case doesNotExist = "!"
        case greaterThan = "gt"
        case lessThan = "lt"
    }

    public struct Requirement: Sendable, Hashable {
        public let key: String
        public let `operator`: Operator
        public let values: [String]

        /// Takes the parts unchecked; `LabelSelector`'s initialisers check them.
        public init(key: String, operator: Operator, values: [String] = []) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }
    }

    /// In the order of their keys.
    public let requirements: [Requirement]
    /// Whether the selector matches no object at all, as a missing LabelSelector does.
    public let matchesNothing: Bool

    public init(_ requirements: [Requirement]) {
        self.requirements = requirements.sorted { $0.key < $1.key }
        matchesNothing = false
    }

    private init(nothing: Void) {
        requirements = []
        matchesNothing = true
    }

    public static let everything = LabelSelector([])
    public static let nothing = LabelSelector(nothing: ())

    public var matchesEverything: Bool { requirements.isEmpty && !matchesNothing }

    /// A selector that wants exactly these labels, as Services and ReplicationControllers have it.
    public init(labels: [String: String]) {
        self.init(labels.map { Requirement(key: $0.key, operator: .equals, values: [$0.value]) })
    }
}

extension LabelSelector {
    public func matches(_ labels: [String: String]) -> Bool {
        matches { labels[$0] }
    }

    /// Matches against an object's labels without making a dictionary of them.
    public func matches(_ object: APIObject) -> Bool {
        if requirements.isEmpty { return !matchesNothing }
        let labels = object.json["metadata"]?["labels"]
        return matches { labels?[$0]?.string }
    }

    public func matches(_ view: some ObjectView) -> Bool { matches(view.object) }

    public func matches(_ value: (String) -> String?) -> Bool {
        guard !matchesNothing else { return false }
        for requirement in requirements where !requirement.matches(value(requirement.key)) { return false }
        return true
    }
}

extension LabelSelector.Requirement {
    /// Whether a label with this value (nil: the label is missing) meets the requirement.
    public func matches(_ value: String?) -> Bool {
        switch `operator` {
        case .in, .equals, .doubleEquals:
            guard let value else { return false }
            return values.contains(value)
        case .notIn, .notEquals:
            guard let value else { return true }
            return !values.contains(value)
        case .exists: return value != nil
        case .doesNotExist: return value == nil
        case .greaterThan, .lessThan:
            guard let number = value.flatMap({ Int64($0) }), let limit = values.first.flatMap({ Int64($0) })
            else { return false }
            return `operator` == .greaterThan ? number > limit : number < limit
        }
    }
}

extension LabelSelector: CustomStringConvertible {
    /// The canonical text: requirements in the order of their keys, values in order, as list calls take it.
    public var description: String {
        requirements.map(\.description).joined(separator: ",")
    }
}

extension LabelSelector.Requirement: CustomStringConvertible {
    public var description: String {
        let sorted = values.sorted()
        switch `operator` {
        case .exists: return key
        case .doesNotExist: return "!" + key
        case .equals, .doubleEquals, .notEquals: return key + `operator`.rawValue + (values.first ?? "")
        case .in: return "\(key) in (\(sorted.joined(separator: ",")))"
        case .notIn: return "\(key) notin (\(sorted.joined(separator: ",")))"
        case .greaterThan: return "\(key)>\(values.first ?? "")"
        case .lessThan: return "\(key)<\(values.first ?? "")"
        }
    }
}
