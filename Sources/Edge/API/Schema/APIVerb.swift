/// What can be done with a resource, under the names that discovery and RBAC use.
public struct APIVerb: OptionSet, Sendable, Hashable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let create = APIVerb(rawValue: 1 << 0)
    public static let delete = APIVerb(rawValue: 1 << 1)
    public static let deleteCollection = APIVerb(rawValue: 1 << 2)
    public static let get = APIVerb(rawValue: 1 << 3)
    public static let list = APIVerb(rawValue: 1 << 4)
    public static let patch = APIVerb(rawValue: 1 << 5)
    public static let update = APIVerb(rawValue: 1 << 6)
    public static let watch = APIVerb(rawValue: 1 << 7)

    /// What an ordinary stored resource offers.
    public static let all: APIVerb = [
        .create, .delete, .deleteCollection, .get, .list, .patch, .update, .watch,
    ]

    private static let allNames = [
        "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
    ]

    /// The names in alphabetical order, as discovery lists them.
    public var names: [String] {
        Self.allNames.enumerated().filter { rawValue & (1 << $0.offset) != 0 }.map(\.element)
    }
}
