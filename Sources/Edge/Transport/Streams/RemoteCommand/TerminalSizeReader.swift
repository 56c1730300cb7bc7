internal import EdgeJSON
internal import NIOCore

/// Reads terminal sizes, `{"Width":80,"Height":24}` one after the other, from a stream of bytes.
struct TerminalSizeReader {
    private static let maximumBytes = 4096

    private var pending: [UInt8] = []

    /// The sizes that are complete; nonsense is dropped.
    mutating func read(_ bytes: ByteBuffer) -> [TerminalSize] {
        var sizes: [TerminalSize] = []
        for byte in bytes.readableBytesView {
            pending.append(byte)
            if byte == UInt8(ascii: "}") {
                if let size = Self.size(pending) { sizes.append(size) }
                pending = []
            } else if pending.count > Self.maximumBytes {
                pending = []
            }
        }
        return sizes
    }

    private static func size(_ text: [UInt8]) -> TerminalSize? {
        guard let value = try? JSONValue(parsing: text), let width = value["Width"]?.int,
            let height = value["Height"]?.int, let columns = UInt16(exactly: width),
            let rows = UInt16(exactly: height)
        else { return nil }
        return TerminalSize(width: columns, height: rows)
    }

    static func text(_ size: TerminalSize) -> String {
        "{\"Width\":\(size.width),\"Height\":\(size.height)}\n"
    }
}
