/// Carries requests to one API server. The production one speaks HTTP over TLS; tests answer from memory.
public protocol RESTTransport: Sendable {
    /// Sends a request and returns once the head of the response is there; its body follows as it is read.
    func send(_ request: RESTRequest) async throws -> RESTResponse
}

/// A request to an API server.
public struct RESTRequest: Sendable, Equatable {
    public struct Field: Sendable, Equatable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public var method: String
    /// Percent-encoded, beginning with `/`, without the query.
    public var path: String
    /// Decoded names and values in their order.
    public var query: [Field]
    public var headers: [Field]
    public var body: [UInt8]?
    /// The answer goes on for as long as it likes: only its begin has to come in time.
    public var isStream = false

    public init(
        _ method: String, _ path: String, query: [Field] = [], headers: [Field] = [], body: [UInt8]? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The path with its query, encoded, as it stands in the request line.
    public var target: String {
        guard !query.isEmpty else { return path }
        let items = query.map { RESTPath.encode($0.name) + "=" + RESTPath.encode($0.value) }
        return path + (path.contains("?") ? "&" : "?") + items.joined(separator: "&")
    }

    /// The first value of a query item.
    public func queryValue(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    /// The first value of a header, by its name in any case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// A response whose body may still be on its way.
public struct RESTResponse: Sendable {
    public let status: Int
    public let headers: [RESTRequest.Field]
    public let body: RESTBody

    public init(status: Int, headers: [RESTRequest.Field] = [], body: RESTBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value of a header, by its name in any case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    public func headers(_ name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}

/// The body of a response, pulled piece by piece, so that nothing piles up when the reader is slow.
public struct RESTBody: Sendable {
    /// The next piece; nil at the end. Throws when the connection breaks or the task is cancelled.
    public let next: @Sendable () async throws -> [UInt8]?

    public init(_ next: @escaping @Sendable () async throws -> [UInt8]?) {
        self.next = next
    }
}
