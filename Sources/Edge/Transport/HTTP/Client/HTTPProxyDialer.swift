public import NIOCore
internal import NIOPosix

/// Connects through an HTTP proxy, which itself is spoken to in clear.
public struct HTTPProxyDialer: Dialer {
    private let host: String
    private let port: Int
    private let authorization: String?
    private let isTunnel: Bool
    private let group: any EventLoopGroup
    private let timeout: Duration

    /// - Parameters:
    ///   - host: the proxy's name or address.
    ///   - authorization: what the proxy gets as Proxy-Authorization.
    ///   - isTunnel: asks for a tunnel (CONNECT, RFC 9110 section 9.3.6). Without it the stream leads to the proxy,
    ///     which takes requests whose target is the whole URL.
    public init(
        host: String, port: Int, authorization: String?, isTunnel: Bool, group: any EventLoopGroup,
        timeout: Duration
    ) {
        self.host = host
        self.port = port
        self.authorization = authorization
        self.isTunnel = isTunnel
        self.group = group
        self.timeout = timeout
    }

    public func connect(host: String, port: Int) async throws -> any ByteStream {
        let stream = try await TCPDialer(group: group, timeout: timeout).connect(
            host: self.host, port: self.port)
        guard isTunnel else { return stream }
        let authority = "\(host.contains(":") ? "[\(host)]" : host):\(port)"
        var request = HTTPClientRequest(
            HTTPMethod("CONNECT"), HTTPURL(isEncrypted: false, host: host, port: port, target: authority))
        if let authorization { request.headers["Proxy-Authorization"] = authorization }
        let connection = HTTPClientConnection(stream: stream)
        let sent = request
        do {
            let head = try await Deadline.run(timeout, "CONNECT \(authority)") {
                try await connection.exchange(sent, [:])
            }
            guard head.status.isSuccess else {
                throw DialError(
                    host: host, port: port, kind: .path, cause: "proxyconnect: \(Self.text(head.status))")
            }
            return connection.takeStream()
        } catch let error as DialError {
            connection.close()
            throw error
        } catch is CancellationError {
            connection.close()
            throw CancellationError()
        } catch {
            connection.close()
            throw DialError(host: host, port: port, kind: .path, cause: "proxyconnect: \(error)")
        }
    }

    private static func text(_ status: HTTPStatus) -> String {
        status.code == 407 ? "proxy authentication required" : "\(status)"
    }
}
