/// An absolute domain name in wire form (RFC 1035 section 3.1) with its ASCII letters in lower case: length
/// bytes and labels, ending with the empty label. Equal names have equal bytes, so it serves as a table key.
struct WireName: Hashable, Sendable {
    /// RFC 1035 section 2.3.4, the length bytes included.
    static let maximumLength = 255
    static let maximumLabelLength = 63
    static let root = WireName(lowercasedBytes: [0])

    let bytes: [UInt8]

    /// `bytes` must be a well-formed name in lower case: what `MessageReader` returns.
    init(lowercasedBytes bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// From `www.example.com`, with or without the dot at the end; nil where a label is empty or too long, or
    /// the whole is.
    init?(_ text: some StringProtocol) {
        var bytes = Array(text.utf8)
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        guard !bytes.isEmpty else {
            self = .root
            return
        }
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        self.init(labels: labels, under: .root)
    }

    /// The labels, first to last, in front of another name.
    init?(labels: [some Collection<UInt8>], under parent: WireName) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(labels.reduce(parent.bytes.count) { $0 + $1.count + 1 })
        for label in labels {
            guard !label.isEmpty, label.count <= Self.maximumLabelLength else { return nil }
            bytes.append(UInt8(label.count))
            for byte in label { bytes.append(byte.asciiLowercased) }
        }
        bytes.append(contentsOf: parent.bytes)
        guard bytes.count <= Self.maximumLength else { return nil }
        self.bytes = bytes
    }

    /// This name with one more label in front; nil where it does not fit.
    func prefixed(by label: some StringProtocol) -> WireName? {
        WireName(labels: [label.utf8], under: self)
    }

    /// Whether this is `ancestor` or a name under it.
    func isWithin(_ ancestor: WireName) -> Bool {
        let start = bytes.count - ancestor.bytes.count
        guard start >= 0 else { return false }
        var index = 0
        while index < start { index += Int(bytes[index]) + 1 }
        return index == start && bytes[start...] == ancestor.bytes[...]
    }

    /// The labels in front of `ancestor`, which this name is within.
    func labels(before ancestor: WireName) -> [ArraySlice<UInt8>] {
        var labels: [ArraySlice<UInt8>] = []
        var index = 0
        while index < bytes.count - ancestor.bytes.count {
            let end = index + 1 + Int(bytes[index])
            labels.append(bytes[index + 1..<end])
            index = end
        }
        return labels
    }
}

extension WireName: CustomStringConvertible {
    /// `www.example.com.`, for logs and tests; bytes that are no printable ASCII as `\ddd`.
    var description: String {
        let labels = labels(before: .root)
        return labels.isEmpty ? "." : labels.map { Self.text($0) + "." }.joined()
    }

    private static func text(_ label: ArraySlice<UInt8>) -> String {
        label.reduce(into: "") { text, byte in
            switch byte {
            case UInt8(ascii: "."), UInt8(ascii: "\\"): text += "\\" + String(UnicodeScalar(byte))
            case 0x21...0x7e: text += String(UnicodeScalar(byte))
            default:
                text += "\\" + String(repeating: "0", count: byte < 10 ? 2 : byte < 100 ? 1 : 0) + "\(byte)"
            }
        }
    }
}

extension UInt8 {
    /// RFC 4343: only the ASCII letters have a case in names.
    var asciiLowercased: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }
}
