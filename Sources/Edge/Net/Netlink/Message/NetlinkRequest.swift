/// One message to the kernel, without the sequence number, which the session gives.
struct NetlinkRequest: Sendable {
    var type: UInt16
    /// NLM_F_* without NLM_F_REQUEST, which every request has.
    var flags: UInt16
    var body = NetlinkWriter()

    init(type: UInt16, flags: UInt16 = 0) {
        self.type = type
        self.flags = flags
    }

    /// The message as it goes over the socket, padded to four bytes.
    func append(to datagram: inout NetlinkWriter, sequence: UInt32, extraFlags: UInt16 = 0) {
        datagram.append(UInt32(NLMSG.headerLength + body.bytes.count))
        datagram.append(type)
        datagram.append(flags | extraFlags | NLMFlag.request)
        datagram.append(sequence)
        datagram.append(UInt32(0))
        datagram.append(body.bytes)
        datagram.align()
    }
}
