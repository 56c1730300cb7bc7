/// A message from the kernel. `payload` follows the header and may be followed by attributes.
struct NetlinkMessage: Sendable {
    let type: UInt16
    let flags: UInt16
    let sequence: UInt32
    let payload: ArraySlice<UInt8>

    /// Splits a datagram into its messages; a length that does not fit is an error.
    static func parse(_ datagram: [UInt8]) throws -> [NetlinkMessage] {
        var messages: [NetlinkMessage] = []
        var reader = NetlinkReader(datagram[...])
        while reader.remaining >= NLMSG.headerLength {
            let start = reader.position
            let length = Int(try reader.read(UInt32.self))
            let type = try reader.read(UInt16.self)
            let flags = try reader.read(UInt16.self)
            let sequence = try reader.read(UInt32.self)
            _ = try reader.read(UInt32.self)
            guard length >= NLMSG.headerLength, start + length <= datagram.endIndex else {
                throw NetlinkFormatError(
                    what: "message of type \(type)", detail: "length \(length) does not fit")
            }
            let payload = datagram[start + NLMSG.headerLength..<start + length]
            messages.append(NetlinkMessage(type: type, flags: flags, sequence: sequence, payload: payload))
            reader.position = min(start + (length + 3) & ~3, datagram.endIndex)
        }
        return messages
    }
}

/// Bytes from the kernel that do not have the form they must have.
public struct NetlinkFormatError: Error, CustomStringConvertible {
    public let what: String
    public let detail: String

    public var description: String { "read netlink \(what): \(detail)" }
}
