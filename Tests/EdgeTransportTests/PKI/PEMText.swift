internal import SwiftASN1

/// PEM by hand, to break it on purpose.
enum PEMText {
    static func bytes(_ text: String) throws -> [UInt8] { try PEMDocument(pemString: text).derBytes }
    static func text(_ bytes: [UInt8], _ type: String) -> String {
        PEMDocument(type: type, derBytes: bytes).pemString + "\n"
    }
}
