/// One committed change of one object.
public struct ObjectChange: Sendable {
    public enum Kind: Sendable, Hashable {
        case added, modified, deleted
    }

    public let kind: Kind
    /// The new version; for a deletion the last version, carrying the revision of the deletion.
    public let object: EncodedObject
    /// The version before; nil for an added object.
    public let previous: EncodedObject?

    public var revision: UInt64 { object.revision }

    public init(kind: Kind, object: EncodedObject, previous: EncodedObject?) {
        self.kind = kind
        self.object = object
        self.previous = previous
    }
}
