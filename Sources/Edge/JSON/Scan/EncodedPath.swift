/// The names of the members on the way to a value, prepared for comparing with encoded JSON.
public struct EncodedPath: Sendable {
    /// The names as they stand in canonical JSON, quotes included.
    let keys: [[UInt8]]

    public init(_ names: String...) { self.init(names) }

    public init(_ names: some Sequence<String>) {
        keys = names.map { name in
            var key: [UInt8] = []
            JSONWriter.append(name, to: &key)
            return key
        }
    }
}
