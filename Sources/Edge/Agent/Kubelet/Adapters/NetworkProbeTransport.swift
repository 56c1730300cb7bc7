internal import EdgeTransport
public import NIOCore

/// Probes over the host's network. No connection is used twice, and no certificate is checked, as Kubernetes has it.
public struct NetworkProbeTransport: ProbeTransport {
    private static let maximumBody = 10 << 10

    private let group: any EventLoopGroup
    private let client: HTTPClient

    public init(group: any EventLoopGroup) throws {
        self.group = group
        var settings = HTTPClient.Settings()
        settings.tls = try TLSClientContext(trust: .insecure)
        settings.maximumIdlePerEndpoint = 0
        settings.idleTimeout = .seconds(1)
        client = try HTTPClient(group: group, settings: settings)
    }

    public func httpGet(_ url: String, headers: [(name: String, value: String)], timeout: Duration)
        async throws
        -> (status: Int, body: String)
    {
        guard let url = HTTPURL(url) else { throw KubeletError("invalid URL \(url)") }
        var request = HTTPClientRequest(.get, url, timeout: timeout)
        for header in headers where header.name.lowercased() != "host" {
            request.headers.add(header.name, header.value)
        }
        if let host = headers.first(where: { $0.name.lowercased() == "host" }) {
            request.headers.add("Host", host.value)
        }
        request.headers.add("Connection", "close")
        request.maximumRedirects = 10
        let response = try await client.execute(request)
        var body: [UInt8] = []
        while body.count < Self.maximumBody, let part = try await response.body.next() {
            body += part.readableBytesView.prefix(Self.maximumBody - body.count)
        }
        response.body.abandon()
        return (response.status.code, String(decoding: body, as: UTF8.self))
    }

    public func tcpConnect(host: String, port: Int, timeout: Duration) async throws {
        try await TCPDialer(group: group, timeout: timeout).connect(host: host, port: port).close()
    }
}
