/// The random ends of generated names.
enum NameGenerator {
    /// Kubernetes' alphabet: no vowels, so that no words come out, and nothing that looks alike.
    private static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
    private static let suffixLength = 5
    private static let maximumBase = 63 - suffixLength

    static func suffix() -> String {
        String((0..<suffixLength).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
    }

    /// `metadata.generateName` with a suffix, the base cut so that the name stays a DNS label.
    static func name(from base: String) -> String {
        String(base.prefix(maximumBase)) + suffix()
    }
}
