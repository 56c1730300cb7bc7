/// An object that has no revision yet: canonical JSON with an empty resourceVersion, and where its digits go.
///
///     {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","resourceVersion":""},...
///                                                             revisionOffset ^
public struct PendingObject: Sendable {
    public let bytes: [UInt8]
    /// Offset of the closing quote of the empty resourceVersion.
    public let revisionOffset: Int

    public init(bytes: [UInt8], revisionOffset: Int) {
        self.bytes = bytes
        self.revisionOffset = revisionOffset
    }

    /// Whether the offset lies between two quotes, as a wrong one would corrupt the object.
    var isWellFormed: Bool {
        revisionOffset > 0 && revisionOffset < bytes.count && bytes.count <= UInt32.max
            && bytes[revisionOffset - 1] == UInt8(ascii: "\"") && bytes[revisionOffset] == UInt8(ascii: "\"")
    }
}
