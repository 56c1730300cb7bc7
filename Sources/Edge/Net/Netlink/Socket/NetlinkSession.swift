internal import Glibc

/// Requests and their answers over one socket: sequence numbers, acknowledgements, multipart dumps.
/// Calls are short system calls that block the calling thread; not to be used by two threads at a time,
/// hence not Sendable.
final class NetlinkSession {
    let socket: any NetlinkSocket
    private var sequence: UInt32 = 0

    init(_ socket: any NetlinkSocket) {
        self.socket = socket
    }

    private func nextSequence() -> UInt32 {
        sequence = sequence == .max ? 1 : sequence + 1
        return sequence
    }

    /// Sends one request and waits for the kernel's acknowledgement.
    func execute(_ request: NetlinkRequest, _ operation: String, _ object: @autoclosure () -> String) throws {
        let sequence = try send(request, extraFlags: NLMFlag.ack)
        while true {
            for message in try receive() where message.sequence == sequence && message.type == NLMSG.error {
                try Acknowledgement(message).check(operation, object())
                return
            }
        }
    }

    /// Sends one request and returns the first message of the answer.
    func query(
        _ request: NetlinkRequest, _ operation: String, _ object: @autoclosure () -> String
    ) throws -> NetlinkMessage {
        let sequence = try send(request)
        while true {
            for message in try receive() where message.sequence == sequence {
                if message.type == NLMSG.error { try Acknowledgement(message).check(operation, object()) }
                return message
            }
        }
    }

    /// All messages of a dump. A dump during which the table changed is taken again, five times at most:
    /// the last one is then returned as it is, since a busy host may never hold still.
    func dump(
        _ request: NetlinkRequest, _ operation: String, _ object: @autoclosure () -> String
    ) throws -> [NetlinkMessage] {
        for _ in 1..<5 {
            let (messages, interrupted) = try dumpOnce(request, operation, object())
            if !interrupted { return messages }
        }
        return try dumpOnce(request, operation, object()).messages
    }

    private func dumpOnce(
        _ request: NetlinkRequest, _ operation: String, _ object: @autoclosure () -> String
    ) throws -> (messages: [NetlinkMessage], interrupted: Bool) {
        let sequence = try send(request, extraFlags: NLMFlag.dump)
        var messages: [NetlinkMessage] = []
        var interrupted = false
        while true {
            for message in try receive() where message.sequence == sequence {
                if message.flags & NLMFlag.dumpInterrupted != 0 { interrupted = true }
                switch message.type {
                case NLMSG.error:
                    try Acknowledgement(message).check(operation, object())
                    return (messages, interrupted)
                case NLMSG.done:
                    if message.payload.count >= 4 {
                        try Acknowledgement(message).check(operation, object())
                    }
                    return (messages, interrupted)
                default: messages.append(message)
                }
            }
        }
    }

    /// Sends several messages as one datagram, of which the kernel makes one transaction, and collects all
    /// answers, which are there when the send returns. `describe` names the message with an index.
    func transact(_ requests: [NetlinkRequest], describe: (Int) -> (operation: String, object: String)) throws
    {
        guard !requests.isEmpty else { return }
        try drain()
        var datagram = NetlinkWriter()
        let first = sequence &+ 1
        for (index, request) in requests.enumerated() {
            // Only the last message but one, the last of the transaction itself, is acknowledged in success.
            let wantsAck = index == max(requests.count - 2, 0)
            request.append(to: &datagram, sequence: nextSequence(), extraFlags: wantsAck ? NLMFlag.ack : 0)
        }
        try socket.send(datagram.bytes)
        var acknowledged = false
        while let answer = try socket.receive(wait: false) {
            for message in try NetlinkMessage.parse(answer) where message.type == NLMSG.error {
                let index = Int(message.sequence) - Int(first)
                guard requests.indices.contains(index) else { continue }
                let (operation, object) = describe(index)
                try Acknowledgement(message).check(operation, object)
                acknowledged = true
            }
        }
        if !acknowledged {
            throw NetlinkError(operation: "commit", object: "transaction", errno: ETIMEDOUT)
        }
    }

    /// Leaves no answer of an earlier request behind that failed half-way.
    private func drain() throws {
        while try socket.receive(wait: false) != nil {}
    }

    private func send(_ request: NetlinkRequest, extraFlags: UInt16 = 0) throws -> UInt32 {
        let sequence = nextSequence()
        var datagram = NetlinkWriter()
        request.append(to: &datagram, sequence: sequence, extraFlags: extraFlags)
        try socket.send(datagram.bytes)
        return sequence
    }

    private func receive() throws -> [NetlinkMessage] {
        guard let datagram = try socket.receive(wait: true) else { return [] }
        return try NetlinkMessage.parse(datagram)
    }
}

/// An NLMSG_ERROR (or the code at the end of a dump): 0 or a negative errno, perhaps with a text.
private struct Acknowledgement {
    let code: Int32
    let explanation: String?

    init(_ message: NetlinkMessage) throws {
        var reader = NetlinkReader(message.payload)
        code = try reader.read(Int32.self)
        guard message.type == NLMSG.error, message.flags & NLMFlag.ackAttributes != 0 else {
            explanation = nil
            return
        }
        // The header of the request follows, and the rest of the request too unless the answer is capped.
        let length = Int(try reader.read(UInt32.self))
        let echoed = message.flags & NLMFlag.ackCapped != 0 ? NLMSG.headerLength : (length + 3) & ~3
        _ = try reader.take(echoed - 4)
        explanation = try reader.attributes().string(NLMSGERR.message)
    }

    func check(_ operation: String, _ object: String) throws {
        guard code != 0 else { return }
        throw NetlinkError(operation: operation, object: object, errno: -code, explanation: explanation)
    }
}
