/// The header fields of a received message: the bytes of the head as they came, and where in them each name
/// and value lies. A value becomes a string only when somebody asks for it.
public struct HTTPFieldBlock: Sendable {
    struct Range: Sendable {
        let nameStart: Int32
        let nameEnd: Int32
        let valueStart: Int32
        let valueEnd: Int32
    }

    let bytes: [UInt8]
    let ranges: [Range]

    init(bytes: [UInt8], ranges: [Range]) {
        self.bytes = bytes
        self.ranges = ranges
    }

    /// No fields.
    public init() {
        bytes = []
        ranges = []
    }

    public var count: Int { ranges.count }

    /// The value of the first field of that name.
    public subscript(name: String) -> String? {
        bytes(of: name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of the first field of that name, not copied.
    public func bytes(of name: String) -> ArraySlice<UInt8>? {
        for range in ranges where matches(range, name) { return value(range) }
        return nil
    }

    public func contains(_ name: String) -> Bool {
        ranges.contains { matches($0, name) }
    }

    /// The values of all fields of that name, in their order.
    public func values(_ name: String) -> [String] {
        ranges.filter { matches($0, name) }.map { String(decoding: value($0), as: UTF8.self) }
    }

    /// The parts of all fields of that name read as comma-separated lists.
    public func list(_ name: String) -> [String] {
        ranges.filter { matches($0, name) }.flatMap { ASCIIText.listParts(value($0)) }
    }

    /// Whether a comma-separated list has a part, without regard to case.
    public func list(_ name: String, contains token: String) -> Bool {
        for range in ranges where matches(range, name) {
            if ASCIIText.listParts(value(range)).contains(where: { ASCIIText.equal($0, token) }) {
                return true
            }
        }
        return false
    }

    /// All fields in their order, names as they came.
    public var all: [HTTPHeaders.Field] {
        ranges.map { range in
            HTTPHeaders.Field(
                String(decoding: bytes[Int(range.nameStart)..<Int(range.nameEnd)], as: UTF8.self),
                String(decoding: value(range), as: UTF8.self))
        }
    }

    func value(_ range: Range) -> ArraySlice<UInt8> {
        bytes[Int(range.valueStart)..<Int(range.valueEnd)]
    }

    func matches(_ range: Range, _ name: String) -> Bool {
        let start = Int(range.nameStart)
        let length = Int(range.nameEnd) - start
        guard length == name.utf8.count else { return false }
        var index = start
        for byte in name.utf8 {
            guard ASCIIText.lower(bytes[index]) == ASCIIText.lower(byte) else { return false }
            index += 1
        }
        return true
    }
}
