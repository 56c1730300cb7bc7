internal import Crypto

/// A content address as OCI image-spec `descriptor.md` writes it: `sha256:` or `sha512:` and lower-case hex.
public struct ImageDigest: Hashable, Sendable, CustomStringConvertible {
    public enum Algorithm: String, Sendable {
        case sha256, sha512

        var hexLength: Int { self == .sha256 ? 64 : 128 }
    }

    public let algorithm: Algorithm
    /// Lower-case hexadecimal digits; safe as a file name.
    public let hex: String

    /// Nil unless the text is a digest of a known algorithm with the right number of digits.
    public init?(_ text: some StringProtocol) {
        guard let colon = text.firstIndex(of: ":"),
            let algorithm = Algorithm(rawValue: String(text[..<colon]))
        else { return nil }
        let hex = text[text.index(after: colon)...]
        guard hex.utf8.count == algorithm.hexLength, hex.utf8.allSatisfy(Self.isLowerHex) else { return nil }
        self.algorithm = algorithm
        self.hex = String(hex)
    }

    init(algorithm: Algorithm, hex: String) {
        self.algorithm = algorithm
        self.hex = hex
    }

    /// The SHA-256 of bytes in memory.
    public static func sha256(of bytes: some Sequence<UInt8>) -> Self {
        var hasher = ImageHasher(.sha256)
        let contiguous: Void? = bytes.withContiguousStorageIfAvailable { hasher.update(.init($0)) }
        if contiguous == nil { Array(bytes).withUnsafeBytes { hasher.update($0) } }
        return hasher.finalize()
    }

    public var description: String { "\(algorithm.rawValue):\(hex)" }

    static func isLowerHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

/// Hashes a stream piece by piece.
struct ImageHasher {
    private enum Function {
        case sha256(SHA256)
        case sha512(SHA512)
    }

    private var function: Function

    init(_ algorithm: ImageDigest.Algorithm) {
        function = algorithm == .sha256 ? .sha256(SHA256()) : .sha512(SHA512())
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        switch function {
        case .sha256(var hash):
            hash.update(bufferPointer: bytes)
            function = .sha256(hash)
        case .sha512(var hash):
            hash.update(bufferPointer: bytes)
            function = .sha512(hash)
        }
    }

    func finalize() -> ImageDigest {
        switch function {
        case .sha256(let hash): ImageDigest(algorithm: .sha256, hex: Self.hex(hash.finalize()))
        case .sha512(let hash): ImageDigest(algorithm: .sha512, hex: Self.hex(hash.finalize()))
        }
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0xf)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
