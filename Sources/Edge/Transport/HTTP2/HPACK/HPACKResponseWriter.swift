internal import NIOCore

/// Writes the header blocks of answers. It keeps no table: the few fields of an answer cost less to write than to
/// look up, and an idle connection holds nothing for them.
enum HPACKResponseWriter {
    static func write(
        _ status: HTTPStatus, _ headers: HTTPHeaders, length: Int?, date: [UInt8], to buffer: inout ByteBuffer
    ) {
        writeStatus(status, to: &buffer)
        for field in headers.fields where field.isSendable { write(field, to: &buffer) }
        // `Date: ` in front and the line end are HTTP/1.1's.
        writeIndexed(Name.date, to: &buffer)
        writeLength(date.count - 8, to: &buffer)
        buffer.writeBytes(date[6..<(date.count - 2)])
        guard let length, !status.forbidsBody else { return }
        let digits = String(length)
        writeIndexed(Name.contentLength, to: &buffer)
        writeLength(digits.utf8.count, to: &buffer)
        buffer.writeString(digits)
    }

    static func writeStatus(_ status: HTTPStatus, to buffer: inout ByteBuffer) {
        switch status.code {
        case 200: buffer.writeInteger(0x88 as UInt8)
        case 404: buffer.writeInteger(0x8d as UInt8)
        default:
            writeIndexed(Name.status, to: &buffer)
            writeLength(3, to: &buffer)
            buffer.writeString(String(status.code))
        }
    }

    /// Indices of the static table.
    private enum Name {
        static let status = 8
        static let contentLength = 28
        static let contentType = 31
        static let date = 33
    }

    private static func write(_ field: HTTPHeaders.Field, to buffer: inout ByteBuffer) {
        if field.name == "Content-Type" {
            writeIndexed(Name.contentType, to: &buffer)
        } else {
            // Names of the hop are HTTP/1.1's own (RFC 9113 section 8.2.2).
            let name = field.name.lowercased()
            if hopNames.contains(name) { return }
            buffer.writeInteger(0 as UInt8)
            writeLength(name.utf8.count, to: &buffer)
            buffer.writeString(name)
        }
        writeLength(field.value.utf8.count, to: &buffer)
        buffer.writeString(field.value)
    }

    private static let hopNames: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade",
    ]

    /// A field that is not to be kept, with a name of the static table.
    private static func writeIndexed(_ name: Int, to buffer: inout ByteBuffer) {
        writeInteger(name, prefix: 4, first: 0, to: &buffer)
    }

    /// The length of a string that is not coded.
    private static func writeLength(_ length: Int, to buffer: inout ByteBuffer) {
        writeInteger(length, prefix: 7, first: 0, to: &buffer)
    }

    static func writeInteger(_ value: Int, prefix: UInt8, first: UInt8, to buffer: inout ByteBuffer) {
        let mask = 0xff >> (8 - Int(prefix))
        guard value >= mask else {
            buffer.writeInteger(first | UInt8(value))
            return
        }
        buffer.writeInteger(first | UInt8(mask))
        var rest = value - mask
        while rest >= 0x80 {
            buffer.writeInteger(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        buffer.writeInteger(UInt8(rest))
    }
}
