internal import EdgeAPI
public import EdgeJSON

/// Sends requests under one identity and turns what the server says into values: failures become
/// `APIStatus`, warnings go to a callback, and a server that asks to come again later is asked again.
public final class RESTClient: Sendable {
    public typealias WarningHandler = @Sendable (String) -> Void

    /// How often a request is sent again because the server answered with Retry-After, as in client-go.
    public static let maximumRetries = 10

    public let transport: any RESTTransport
    private let headers: [RESTRequest.Field]
    private let authorization: @Sendable () async throws -> [RESTRequest.Field]
    private let onWarning: WarningHandler?
    private let sleep: @Sendable (Duration) async throws -> Void

    /// `headers` go with every request; `authorization` is asked before each, so that a token that is
    /// renewed on disk is taken up.
    public init(
        transport: any RESTTransport, headers: [RESTRequest.Field] = [],
        authorization: @escaping @Sendable () async throws -> [RESTRequest.Field] = { [] },
        onWarning: WarningHandler? = nil,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.transport = transport
        self.headers = headers
        self.authorization = authorization
        self.onWarning = onWarning
        self.sleep = sleep
    }

    /// The headers that a request made outside this client (an upgrade) needs.
    public func requestHeaders() async throws -> [RESTRequest.Field] {
        try await headers + authorization()
    }

    /// Sends a request and returns the response with its body still to be read. Throws `APIStatus` for an
    /// answer of 400 and above.
    public func send(_ request: RESTRequest) async throws -> RESTResponse {
        var attempt = 0
        while true {
            var request = request
            request.headers += try await requestHeaders()
            let response = try await transport.send(request)
            for warning in response.headers("Warning").flatMap(WarningHeader.texts) { onWarning?(warning) }
            guard response.status >= 400 else { return response }
            if let delay = Self.retryDelay(response), attempt < Self.maximumRetries {
                attempt += 1
                _ = try await response.body.collect()
                try await sleep(delay)
                continue
            }
            throw try await Self.failure(response, to: request)
        }
    }

    public func bytes(_ request: RESTRequest) async throws -> [UInt8] {
        try await send(request).body.collect()
    }

    /// Sends a request and parses the answer as JSON. Throws `APIStatus` or `RESTDecodingError`.
    public func json(_ request: RESTRequest) async throws -> JSONValue {
        var request = request
        if request.header("Accept") == nil { request.headers.append(.init("Accept", "application/json")) }
        let bytes = try await bytes(request)
        do {
            return try JSONParser.parse(bytes)
        } catch {
            throw RESTDecodingError(request: "\(request.method) \(request.path)", cause: "\(error)")
        }
    }

    /// Sends a JSON body.
    public func json(
        _ method: String, _ path: String, query: [RESTRequest.Field] = [],
        contentType: String = "application/json", _ body: JSONValue?
    ) async throws -> JSONValue {
        let headers = body == nil ? [] : [RESTRequest.Field("Content-Type", contentType)]
        return try await json(
            RESTRequest(method, path, query: query, headers: headers, body: body?.encoded))
    }

    /// How long the server wants us to wait: only 429 and 5xx answers that say so are tried again.
    private static func retryDelay(_ response: RESTResponse) -> Duration? {
        guard response.status == 429 || response.status >= 500,
            let seconds = response.header("Retry-After").flatMap({ Int64($0) }), seconds >= 0
        else { return nil }
        return .seconds(min(seconds, 60))
    }

    /// The Status that came, or one made from the code for a server that sent something else.
    private static func failure(_ response: RESTResponse, to request: RESTRequest) async throws -> APIStatus {
        let bytes = try await response.body.collect(limit: 16 << 20)
        return failure(status: response.status, body: bytes, method: request.method)
    }

    static func failure(status code: Int, body: [UInt8], method: String) -> APIStatus {
        if let value = try? JSONParser.parse(body), let status = APIStatus(value) { return status }
        let text = String(decoding: body.prefix(2048), as: UTF8.self)
        return APIStatus.generic(code: code, method: method, text: text)
    }
}

/// An answer that is not what it should be.
public struct RESTDecodingError: Error, CustomStringConvertible {
    public let request: String
    public let cause: String

    public init(request: String, cause: String) {
        self.request = request
        self.cause = cause
    }

    public var description: String { "decode the response of \(request): \(cause)" }
}
