import Synchronization

@testable import EdgeNetlink

/// Keeps what is sent and plays back what a kernel would answer.
final class RecordingNetlinkSocket: NetlinkSocket {
    private struct State {
        var sent: [[UInt8]] = []
        var answers: [[UInt8]] = []
    }

    private let state = Mutex(State())

    var sent: [[UInt8]] { state.withLock { $0.sent } }

    /// What the next sent message is answered with; without one it is acknowledged.
    func answer(_ datagrams: [UInt8]...) {
        state.withLock { $0.answers += datagrams }
    }

    func send(_ datagram: [UInt8]) throws {
        state.withLock { $0.sent.append(datagram) }
    }

    func receive(wait: Bool) throws -> [UInt8]? {
        state.withLock { state in
            if !state.answers.isEmpty { return state.answers.removeFirst() }
            guard wait, let last = state.sent.last else { return nil }
            return Self.acknowledgement(sequence: Array(last[8..<12]))
        }
    }

    static func acknowledgement(
        sequence: [UInt8], code: Int32 = 0, explanation: String? = nil
    ) -> [UInt8] {
        var body = NetlinkWriter()
        body.append(code)
        // The header of the request that is answered.
        body.append([UInt8](repeating: 0, count: 16))
        if let explanation { body.attribute(1, string: explanation) }
        var message = NetlinkWriter()
        message.append(UInt32(16 + body.bytes.count))
        message.append(UInt16(2))
        message.append(UInt16(explanation == nil ? 0x100 : 0x300))
        message.append(sequence)
        message.append(UInt32(0))
        message.append(body.bytes)
        return message.bytes
    }
}

/// Bytes from hexadecimal digits; white space and everything from `#` to the end of a line are left out.
func hex(_ text: String) -> [UInt8] {
    var digits: [UInt8] = []
    for line in text.split(separator: "\n") {
        digits += line.prefix { $0 != "#" }.compactMap { $0.hexDigitValue.map(UInt8.init) }
    }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
