/// Randomness fit for secrets: the system's generator, which is getrandom(2).
public enum SecureRandom {
    public static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// `bytes` random bytes as lower-case hexadecimal digits.
    public static func hex(bytes count: Int) -> String {
        ASCIIText.hex(bytes(count))
    }

    /// Characters drawn evenly from an alphabet.
    public static func text(_ count: Int, from alphabet: String) -> String {
        var generator = SystemRandomNumberGenerator()
        let characters = Array(alphabet.utf8)
        let text = (0..<count).compactMap { _ in characters.randomElement(using: &generator) }
        return String(decoding: text, as: UTF8.self)
    }
}
