import EdgeAPI
import EdgeBase
import EdgeJSON
import EdgeTransport
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import EdgeClient

/// Requests and sessions over a real connection on loopback.
@Suite(.timeLimit(.minutes(1))) struct HTTPTransportTests {
    /// Runs `body` with a transport to a server that answers by `handler`.
    private func withServer(
        _ handler: @escaping @Sendable (HTTPServerRequest) -> HTTPServerResponse,
        _ body: (HTTPTransport, Int) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try await HTTPServer.start(
            host: "127.0.0.1", port: 0, group: group, handler: ClosureHandler { .now(handler($0)) })
        do {
            let config = RESTConfig(server: "http://127.0.0.1:\(server.port)/prefix")
            try await body(
                try HTTPTransport(config, group: group, sessionHeaders: { [.init("X-Session", "s")] }),
                server.port)
        } catch {
            await server.shutdown(grace: .zero)
            throw error
        }
        await server.shutdown(grace: .zero)
    }

    @Test func carriesRequests() async throws {
        try await withServer { request in
            let text =
                "\(request.method) \(request.rawTarget) \(request.headers["X-A"] ?? "") \(String(buffer: request.body))"
            return HTTPServerResponse(201, headers: ["X-B": "c"], body: .bytes(Array(text.utf8)))
        } _: { transport, _ in
            let response = try await transport.send(
                RESTRequest(
                    "POST", "/a", query: [.init("q", "x y")], headers: [.init("X-A", "b")],
                    body: [0x68, 0x69]))
            #expect(response.status == 201)
            #expect(response.header("x-b") == "c")
            let body = try await response.body.collect()
            #expect(String(decoding: body, as: UTF8.self) == "POST /prefix/a?q=x%20y b hi")
        }
    }

    @Test func refusedConnectionsAreNamed() async throws {
        let transport = try HTTPTransport(
            RESTConfig(server: "http://127.0.0.1:1"), group: MultiThreadedEventLoopGroup.singleton)
        let error = await #expect(throws: ConnectionFailure.self) {
            try await transport.send(RESTRequest("GET", "/"))
        }
        #expect(
            error?.description
                == "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?"
        )
    }

    @Test func runsCommands() async throws {
        let sizes = Mutex<[TerminalSize]>([])
        try await withServer { request in
            guard request.headers["X-Session"] == "s", request.path == "/prefix/exec",
                let options = RemoteCommandOptions(HTTPTarget(request.rawTarget) ?? request.head.target)
            else { return .text(403, "no") }
            return RemoteCommandServer.answer(request, options: options) { session in
                do {
                    if let size = try await session.nextResize() { sizes.withLock { $0.append(size) } }
                    while let bytes = try await session.readStdin() { try await session.writeStdout(bytes) }
                    try await session.writeStderr(ByteBuffer(string: "err"))
                } catch {
                    return .failure(reason: "InternalError", message: "\(error)")
                }
                return .exit(code: 7)
            }
        } _: { transport, _ in
            let stream = try await transport.openCommand(
                RESTRequest(
                    "GET", "/exec",
                    query: [.init("stdin", "true"), .init("stdout", "true"), .init("stderr", "true")]))
            try await stream.resize(TerminalSize(width: 80, height: 24))
            let input = [UInt8](repeating: 0x61, count: 100_000)
            try await stream.send(input)
            try await stream.endInput()
            var (output, errors) = ([UInt8](), [UInt8]())
            var status: JSONValue?
            while let event = try await stream.next() {
                switch event {
                case .output(let bytes): output += bytes
                case .error(let bytes): errors += bytes
                case .status(let value): status = value
                }
            }
            await stream.close()
            #expect(output == input)
            #expect(errors == Array("err".utf8))
            #expect(status?["reason"] == "NonZeroExitCode")
            #expect(sizes.withLock { $0 } == [TerminalSize(width: 80, height: 24)])
        }
    }

    @Test func refusedSessionsTellTheStatus() async throws {
        let status = APIStatus.notFound("pods", "web")
        try await withServer { _ in
            HTTPServerResponse.json(404, status.value.encoded)
        } _: { transport, _ in
            await #expect(throws: status) { try await transport.openCommand(RESTRequest("GET", "/exec")) }
        }
    }

    @Test func forwardsPorts() async throws {
        try await withServer { request in
            PortForwardServer.answer(request) { port, client in
                guard port == 80 else { throw StreamError.closed }
                guard let bytes = try await client.read() else { return }
                try await client.write(ByteBuffer(string: "\(port): "))
                try await client.write(bytes)
            }
        } _: { transport, _ in
            let forward = try await transport.openPortForward(RESTRequest("POST", "/portforward"))
            for text in ["one", "two"] {
                let connection = try await forward.connect(port: 80)
                try await connection.send(Array(text.utf8))
                var answer: [UInt8] = []
                while let bytes = try await connection.next() { answer += bytes }
                await connection.close()
                #expect(String(decoding: answer, as: UTF8.self) == "80: \(text)")
            }
            let failing = try await forward.connect(port: 81)
            await #expect(throws: ForwardFailure.self) { while try await failing.next() != nil {} }
            await failing.close()
        }
    }
}
