/// How to reach an API server, and as whom: what a kubeconfig's context and the flags come down to.
public struct RESTConfig: Sendable, Equatable {
    /// `https://host:port`, with a path prefix where there is one.
    public var server: String
    /// PEM; nil for the system's authorities.
    public var certificateAuthority: [UInt8]?
    public var clientCertificate: [UInt8]?
    public var clientKey: [UInt8]?
    public var token: String?
    /// Read before each request, so that a renewed token is taken up.
    public var tokenFile: String?
    public var username: String?
    public var password: String?
    public var skipsTLSVerification = false
    public var tlsServerName: String?
    /// Headers for impersonation.
    public var headers: [RESTRequest.Field] = []
    /// From the start of a request to the end of its answer; of a stream such as a watch, to the begin of it.
    public var requestTimeout: Duration?
    public var connectTimeout = Duration.seconds(10)

    public init(server: String) {
        self.server = server
    }

    /// `host:port` as error messages name the server.
    public var host: String {
        var rest = server[...]
        if let scheme = rest.range(of: "://") { rest = rest[scheme.upperBound...] }
        return String(rest.prefix { $0 != "/" })
    }
}

extension Substring {
    /// Where `text` first stands.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
