/// Writes netlink payloads: fixed headers, attributes and nested attributes, each padded to four bytes.
/// Integers are in host order unless the name says network order.
struct NetlinkWriter: Sendable {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    mutating func append(networkOrder value: some FixedWidthInteger) {
        append(value.bigEndian)
    }

    mutating func append(_ more: some Collection<UInt8>) {
        bytes.append(contentsOf: more)
    }

    /// Fills up to the next multiple of four.
    mutating func align() {
        while bytes.count % 4 != 0 { bytes.append(0) }
    }

    mutating func attribute(_ type: UInt16, _ value: some Collection<UInt8>) {
        append(UInt16(NLA.headerLength + value.count))
        append(type)
        append(value)
        align()
    }

    mutating func attribute(_ type: UInt16, _ value: some FixedWidthInteger) {
        append(UInt16(NLA.headerLength + value.bitWidth / 8))
        append(type)
        append(value)
        align()
    }

    mutating func attribute(_ type: UInt16, networkOrder value: some FixedWidthInteger) {
        attribute(type, value.bigEndian)
    }

    /// A NUL-terminated string.
    mutating func attribute(_ type: UInt16, string: String) {
        append(UInt16(NLA.headerLength + string.utf8.count + 1))
        append(type)
        append(string.utf8)
        bytes.append(0)
        align()
    }

    /// An attribute made of attributes. A nested attribute holds at most 65,531 bytes: callers split lists.
    mutating func nested(_ type: UInt16, flagged: Bool = true, _ body: (inout NetlinkWriter) -> Void) {
        let start = bytes.count
        append(UInt16(0))
        append(flagged ? type | NLA.nested : type)
        body(&self)
        let length = UInt16(truncatingIfNeeded: bytes.count - start)
        withUnsafeBytes(of: length) { bytes.replaceSubrange(start..<start + 2, with: $0) }
    }
}
