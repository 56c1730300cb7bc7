/// A path into a JSON document (RFC 6901), such as `/spec/containers/0/image`; a member `a/b` is `a~1b`.
public struct JSONPointer: Sendable, Hashable {
    public let text: String
    public let tokens: [String]

    /// Nil for a text that neither is empty nor begins with a slash.
    public init?(_ text: String) {
        self.text = text
        if text.isEmpty {
            tokens = []
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        tokens = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(Self.unescaped)
    }

    private static func unescaped(_ token: Substring) -> String {
        guard token.utf8.contains(UInt8(ascii: "~")) else { return String(token) }
        var bytes: [UInt8] = []
        var rest = Array(token.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "~"), let next = rest.first,
                next == UInt8(ascii: "0") || next == UInt8(ascii: "1")
            {
                bytes.append(next == UInt8(ascii: "0") ? byte : UInt8(ascii: "/"))
                rest = rest.dropFirst()
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
