internal import NIOCore

/// How soon a TCP connection notices that its peer is gone without a word: a cut cable, a host that lost power.
/// The kernel asks on idle connections (tcp(7), TCP_KEEPIDLE and its kin), and gives up on data that nobody
/// acknowledges (TCP_USER_TIMEOUT); nothing runs in this process for it.
struct TCPLiveness: Sendable {
    /// Seconds without traffic after which the peer is asked.
    var idle: Int
    /// Seconds between two questions.
    var interval: Int
    /// Questions without an answer after which the connection is broken.
    var count: Int

    /// Of connections that this side opens: clients wait for somebody, and must know when he is gone.
    static let client = TCPLiveness(idle: 10, interval: 5, count: 2)
    /// Of connections that others open: what counts is that dead ones do not stay.
    static let server = TCPLiveness(idle: 30, interval: 10, count: 3)

    /// From linux/tcp.h.
    private enum Name {
        static let keepIdle: CInt = 4
        static let keepInterval: CInt = 5
        static let keepCount: CInt = 6
        static let userTimeout: CInt = 18
    }

    var options: [(option: ChannelOptions.Types.SocketOption, value: Int)] {
        func option(_ name: CInt) -> ChannelOptions.Types.SocketOption {
            ChannelOptions.Types.SocketOption(level: .tcp, name: NIOBSDSocket.Option(rawValue: name))
        }
        return [
            (ChannelOptions.Types.SocketOption(level: .socket, name: .so_keepalive), 1),
            (option(Name.keepIdle), idle), (option(Name.keepInterval), interval),
            (option(Name.keepCount), count),
            (option(Name.userTimeout), (idle + interval * count) * 1000),
        ]
    }
}
