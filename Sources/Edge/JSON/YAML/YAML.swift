/// YAML 1.1 as Kubernetes' tools read and write it: `yes` and `off` are booleans, `0755` is octal, keys
/// become strings, dates stay strings.
public enum YAML {
    /// One document of a stream.
    public struct Document: Sendable {
        public var value: JSONValue
        /// Keys that stood twice in one mapping; the last value counts.
        public var duplicateKeys: [DuplicateKey]
        /// The line on which the document begins, counted from 1.
        public var line: Int
    }

    public struct DuplicateKey: Sendable, Equatable, CustomStringConvertible {
        /// Such as `spec.replicas` or `spec.containers[0].name`.
        public var path: String
        public var key: String
        public var line: Int

        /// As go-yaml reports it.
        public var description: String { "line \(line): key \"\(key)\" already set in map" }
    }

    /// The values of all documents. A stream without content has none; an empty document between two `---`
    /// is a null.
    public static func parse(_ bytes: some Sequence<UInt8>) throws(YAMLError) -> [JSONValue] {
        try documents(bytes).map(\.value)
    }

    public static func parse(_ text: String) throws(YAMLError) -> [JSONValue] {
        try parse(text.utf8)
    }

    /// All documents with what is remarkable about them.
    public static func documents(_ bytes: some Sequence<UInt8>) throws(YAMLError) -> [Document] {
        var reader = YAMLEventReader(Array(bytes))
        var documents: [Document] = []
        while true {
            let event = try reader.next()
            switch event.content {
            case .streamEnd: return documents
            case .documentStart:
                var builder = YAMLTreeBuilder()
                let value = try builder.document(&reader)
                documents.append(
                    Document(value: value, duplicateKeys: builder.duplicateKeys, line: event.line))
            default: continue
            }
        }
    }

    /// Block style as `kubectl get -o yaml` prints it; the members stand in the order that they have.
    public static func write(_ value: JSONValue) -> [UInt8] {
        var emitter = YAMLEmitter()
        return emitter.document(value)
    }
}
