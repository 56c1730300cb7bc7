/// The header fields of a message to send, in their order. Names compare without regard to case.
public struct HTTPHeaders: Sendable, ExpressibleByDictionaryLiteral {
    public struct Field: Sendable, Hashable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public private(set) var fields: [Field]

    public init() { fields = [] }

    public init(_ pairs: some Sequence<(String, String)>) {
        fields = pairs.map { Field($0.0, $0.1) }
    }

    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }

    public var isEmpty: Bool { fields.isEmpty }

    /// The first value of a field; setting replaces all of that name, nil removes them.
    public subscript(name: String) -> String? {
        get { fields.first { ASCIIText.equal($0.name, name) }?.value }
        set {
            fields.removeAll { ASCIIText.equal($0.name, name) }
            if let newValue { fields.append(Field(name, newValue)) }
        }
    }

    public mutating func add(contentsOf other: HTTPHeaders) {
        fields.append(contentsOf: other.fields)
    }

    public mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name, value))
    }

    public func contains(_ name: String) -> Bool {
        fields.contains { ASCIIText.equal($0.name, name) }
    }
}

extension HTTPHeaders.Field {
    /// A name that is not a token or a value with a control character would let a value from outside
    /// forge header lines; such fields are not sent.
    var isSendable: Bool {
        !name.isEmpty && name.utf8.allSatisfy(ASCIIText.isToken)
            && value.utf8.allSatisfy(ASCIIText.isFieldByte)
    }
}
