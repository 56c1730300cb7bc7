/// What an image may cost, so that a hostile or broken one cannot fill the host.
public struct ImageLimits: Sendable {
    /// Uncompressed bytes of one layer's archive, and the sum of its files' sizes.
    public var layerBytes: Int64 = 16 << 30
    /// Entries of one layer.
    public var layerEntries = 1_000_000
    /// Bytes of the file system that unpacking leaves free.
    public var reservedBytes: Int64 = 64 << 20
    /// Bytes of the JSON documents kept while an archive is read.
    public var archiveDocumentBytes = 64 << 20

    public init() {}
}
