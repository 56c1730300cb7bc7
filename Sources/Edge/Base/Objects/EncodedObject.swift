/// One version of one object, exactly as it is stored, kept in memory and served: its canonical JSON with
/// the resourceVersion inside. Immutable, and shared by reference between the store, watchers and informers,
/// so that the process holds each object once.
public final class EncodedObject: Sendable {
    public let key: ObjectKey
    /// The revision of the write that made this version; the same number as `metadata.resourceVersion`.
    public let revision: UInt64
    /// Canonical JSON: members in schema order, no white space.
    public let bytes: [UInt8]
    /// Where in `bytes` the digits of `metadata.resourceVersion` begin; 0 where nobody has looked.
    public let revisionOffset: UInt32

    public init(key: ObjectKey, revision: UInt64, bytes: [UInt8], revisionOffset: UInt32 = 0) {
        self.key = key
        self.revision = revision
        self.bytes = bytes
        self.revisionOffset = revisionOffset
    }
}
