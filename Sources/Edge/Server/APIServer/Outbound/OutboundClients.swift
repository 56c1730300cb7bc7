internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage
internal import EdgeTransport
internal import NIOCore
internal import Synchronization

/// The API server's own HTTP clients: for webhooks, for conversions, for aggregated API servers, for what is
/// behind the proxy subresources. A client, with its connections, belongs to one destination.
final class OutboundClients: Sendable {
    private static let maximum = 64
    private static let connectTimeout = Duration.seconds(10)

    private struct Entry {
        let client: HTTPClient
        var lastUse: UInt64
    }

    private struct State {
        var group: (any EventLoopGroup)?
        var clients: [OutboundDestination: Entry] = [:]
        var uses: UInt64 = 0
    }

    private let store: ObjectStore
    /// What the server shows to aggregated API servers.
    private let frontProxy: KeyPair?
    private let state = Mutex(State())

    init(store: ObjectStore, frontProxy: KeyPair? = nil) {
        self.store = store
        self.frontProxy = frontProxy
    }

    /// Where connections live; until it is set nobody can be called.
    func use(_ group: any EventLoopGroup) {
        state.withLock { $0.group = group }
    }

    func client(for destination: OutboundDestination) throws -> HTTPClient {
        try state.withLock { state in
            state.uses += 1
            if let known = state.clients[destination]?.client {
                state.clients[destination]?.lastUse = state.uses
                return known
            }
            guard let group = state.group else {
                throw OutboundFailure("the server is not ready to call others")
            }
            let client = try make(destination, group)
            if state.clients.count >= Self.maximum,
                let oldest = state.clients.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
            {
                state.clients[oldest] = nil
            }
            state.clients[destination] = Entry(client: client, lastUse: state.uses)
            return client
        }
    }

    private func make(
        _ destination: OutboundDestination, _ group: any EventLoopGroup
    ) throws -> HTTPClient {
        var settings = HTTPClient.Settings()
        let identity = destination.showsIdentity ? frontProxy : nil
        switch destination.trust {
        case .system where identity == nil: break
        case .system: settings.tls = try TLSClientContext(trust: .system, identity: identity)
        case .authorities(let text):
            settings.tls = try TLSClientContext(trust: .authorities(text), identity: identity)
        case .anybody: settings.tls = try TLSClientContext(trust: .insecure, identity: identity)
        }
        settings.connectTimeout = Self.connectTimeout
        if case .service(let namespace, let name, let port) = destination.place {
            let service = ServiceEndpoints(
                store: store, namespace: namespace, name: name, port: .number(port))
            settings.dialer = ServiceDialer(
                service: service, tcp: TCPDialer(group: group, timeout: Self.connectTimeout))
        }
        return try HTTPClient(group: group, settings: settings)
    }
}

/// Who is called, and how they prove that it is them.
struct OutboundDestination: Hashable, Sendable {
    enum Place: Hashable, Sendable {
        /// Where the URL says.
        case address(host: String, port: Int)
        case service(namespace: String, name: String, port: Int)
    }

    enum Trust: Hashable, Sendable {
        case system
        /// These authorities, in PEM.
        case authorities(String)
        case anybody
    }

    var place: Place
    var trust: Trust
    /// Whether the front proxy's certificate is shown.
    var showsIdentity = false
}

extension OutboundDestination.Trust {
    /// The trust that a `caBundle` stands for: the host's own authorities when there is none.
    init(bundle: JSONValue?) {
        guard let bytes = bundle?.string.flatMap({ Base64.decode($0) }), !bytes.isEmpty else {
            self = .system
            return
        }
        let text = String(decoding: bytes, as: UTF8.self)
        self = text.allSatisfy(\.isWhitespace) ? .system : .authorities(text)
    }
}

/// A webhook's `clientConfig`, made ready for calls.
struct WebhookTarget: Sendable {
    let url: HTTPURL
    let destination: OutboundDestination

    init(_ configuration: JSONValue) throws(OutboundFailure) {
        let trust = OutboundDestination.Trust(bundle: configuration["caBundle"])
        if let text = configuration["url"]?.string {
            guard let url = HTTPURL(text) else { throw OutboundFailure("\"\(text)\" is no URL") }
            self.url = url
            destination = OutboundDestination(place: .address(host: url.host, port: url.port), trust: trust)
            return
        }
        let service = configuration["service"] ?? .null
        let name = service["name"]?.string ?? ""
        let namespace = service["namespace"]?.string ?? ""
        let port = service["port"]?.int.map { Int($0) } ?? 443
        let path = service["path"]?.string ?? ""
        let text = "https://\(name).\(namespace).svc:\(port)\(path.isEmpty ? "/" : path)"
        guard let url = HTTPURL(text) else { throw OutboundFailure("\"\(text)\" is no URL") }
        self.url = url
        destination = OutboundDestination(
            place: .service(namespace: namespace, name: name, port: port), trust: trust)
    }
}
