/// Whom to ask next for one question: a pure state machine, whose actions `UpstreamExchange` carries out.
struct ExchangePlan: Sendable {
    enum Action: Hashable, Sendable {
        /// Ask the server at this place of the list.
        case ask(server: Int, Transport, edns: Bool)
        /// The answer that has just arrived is the result.
        case accept
        /// Every server failed; the last answer of one that gave any, else none, is the result.
        case giveUp
    }

    enum Transport: Hashable, Sendable { case datagram, stream }

    enum Event: Hashable, Sendable {
        case timeout
        /// The server cannot be reached, or closed the connection, or sent what cannot be read.
        case failure
        case answer(ResponseCode, isTruncated: Bool)
    }

    /// Clients stop waiting after 5 s or so.
    static let maximumAttempts = 4

    private let servers: Int
    private var server: Int
    private var transport = Transport.datagram
    private var edns = true
    private var attempts = 0

    /// `first` is the server to begin with: the one that answered last.
    init(servers: Int, first: Int) {
        self.servers = servers
        server = servers > 0 ? first % servers : 0
    }

    mutating func begin() -> Action {
        servers > 0 ? ask() : .giveUp
    }

    mutating func handle(_ event: Event) -> Action {
        switch event {
        case .timeout, .failure: return next()
        case .answer(let code, let isTruncated):
            switch code {
            case .formatError where edns:
                // A server that knows no EDNS, RFC 6891 section 7.
                edns = false
                return ask()
            case .noError, .nameError:
                guard isTruncated, transport == .datagram else { return .accept }
                transport = .stream
                return ask()
            default: return next()
            }
        }
    }

    private mutating func next() -> Action {
        server = (server + 1) % servers
        transport = .datagram
        edns = true
        return ask()
    }

    private mutating func ask() -> Action {
        // A change of transport is no attempt of its own.
        if transport == .datagram, edns { attempts += 1 }
        guard attempts <= min(Self.maximumAttempts, servers * 2) else { return .giveUp }
        return .ask(server: server, transport, edns: edns)
    }
}
