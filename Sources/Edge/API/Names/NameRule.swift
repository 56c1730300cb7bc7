/// Which form the names of a kind must have.
public enum NameRule: Sendable {
    case subdomain
    case label
    case rfc1035Label
    case pathSegment

    /// What is wrong with a name, or with a `generateName`, to which five characters will be added.
    public func messages(_ name: String, isPrefix: Bool = false) -> [String] {
        switch self {
        case .subdomain: Names.subdomain(isPrefix ? Self.masked(name) : name)
        case .label: Names.label(isPrefix ? Self.masked(name) : name)
        case .rfc1035Label: Names.rfc1035Label(isPrefix ? Self.masked(name) : name)
        case .pathSegment: isPrefix ? Names.pathSegmentPrefix(name) : Names.pathSegment(name)
        }
    }

    /// A prefix may end with a dash, since something will follow it.
    private static func masked(_ name: String) -> String {
        name.utf8.count > 1 && name.hasSuffix("-") ? String(name.dropLast(2)) + "a" : name
    }
}
