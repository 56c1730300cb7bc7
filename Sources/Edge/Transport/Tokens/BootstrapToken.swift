/// A bootstrap token `<id>.<secret>`: six and sixteen lower-case letters and digits, as kubeadm and k3s use
/// it. The id is public, it names the Secret that holds the token.
public struct BootstrapToken: Hashable, Sendable {
    public let id: String
    public let secret: String

    private static let alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"

    /// A new random token.
    public init() {
        id = SecureRandom.text(6, from: Self.alphabet)
        secret = SecureRandom.text(16, from: Self.alphabet)
    }

    /// Nil for a text of another form.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 6, parts[1].count == 16,
            parts.allSatisfy({ $0.allSatisfy(Self.isAllowed) })
        else { return nil }
        id = String(decoding: parts[0], as: UTF8.self)
        secret = String(decoding: parts[1], as: UTF8.self)
    }

    /// The whole token: a secret.
    public var text: String { "\(id).\(secret)" }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        ASCIIText.isDigit(byte) || (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
    }
}

extension BootstrapToken: CustomStringConvertible {
    /// Without the secret, for logs.
    public var description: String { "\(id).***" }
}
