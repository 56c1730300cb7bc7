/// A netlink socket: datagrams out, datagrams in. The seam at which tests record what would be sent.
protocol NetlinkSocket: Sendable {
    func send(_ datagram: [UInt8]) throws

    /// The next datagram. With `wait` false, nil when none is there; with `wait` true, blocks until one is.
    func receive(wait: Bool) throws -> [UInt8]?
}
