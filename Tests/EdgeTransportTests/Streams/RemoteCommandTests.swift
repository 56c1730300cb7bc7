internal import EdgeJSON
internal import NIOCore
internal import Synchronization
internal import Testing

@testable internal import EdgeTransport

@Suite struct RemoteCommandTests {
    private struct Result {
        var status = RemoteCommandStatus.success
        var stdout = ""
        var stderr = ""
    }

    private func exec(
        _ server: HTTPServer, _ command: String, _ options: RemoteCommandOptions, input: String? = nil,
        size: TerminalSize? = nil
    ) async throws -> Result {
        let result = Mutex(Result())
        var run = RemoteCommandClient(options: options) { isStderr, bytes in
            result.withLock { result in
                if isStderr {
                    result.stderr += String(buffer: bytes)
                } else {
                    result.stdout += String(buffer: bytes)
                }
            }
        }
        let pending = Mutex(input)
        run.stdin = {
            pending.withLock { text in
                defer { text = nil }
                return text.map { ByteBuffer(string: $0) }
            }
        }
        let sizes = Mutex(size)
        run.resizes = {
            sizes.withLock { size in
                defer { size = nil }
                return size
            }
        }
        let query = (options.queryItems.map { "\($0.name)=\($0.value)" } + ["command=\(command)"]).joined(
            separator: "&")
        let client = try makeClient()
        defer { client.shutdown() }
        let status = try await run.run(client, server.url("\(FakePod.base)/exec?\(query)"))
        return result.withLock {
            $0.status = status; return $0
        }
    }

    private func check(_ handle: @escaping @Sendable (HTTPServerRequest) -> HTTPHandling) async throws {
        try await withServer(handle) { server in
            let text = String(repeating: "all that is written comes back\n", count: 20_000)
            let cat = try await exec(server, "cat", RemoteCommandOptions(stdin: true), input: text)
            #expect(cat.status == .success && cat.stdout == text)
            let fail = try await exec(server, "fail", RemoteCommandOptions())
            #expect(fail.status == .exit(code: 3) && fail.stderr == "no luck\n")
            let size = try await exec(
                server, "size", RemoteCommandOptions(stdin: true, tty: true),
                size: TerminalSize(width: 80, height: 24))
            #expect(size.stdout == "80x24\n")
            let flood = try await exec(server, "flood", RemoteCommandOptions())
            #expect(flood.stdout.utf8.count == 3_000_000)
            let missing = try await exec(server, "nonsense", RemoteCommandOptions())
            #expect(
                missing.status == .failure(reason: "InternalError", message: "command not found: nonsense"))
        }
    }

    @Test func overWebSocket() async throws { try await check(FakePod().handle) }

    /// A server that refuses WebSockets gets SPDY.
    @Test func overSPDY() async throws {
        try await check { request in
            WebSocketHandshake.isRequested(request) ? .now(.text(400, "no")) : FakePod().handle(request)
        }
    }

    /// The kubelet's side behind an API server's: the bytes are passed on, whatever the protocol.
    @Test func throughAProxy() async throws {
        try await withServer(FakePod().handle) { kubelet in
            let client = try makeClient()
            try await check { request in
                .later {
                    await StreamProxy.forward(request, to: kubelet.url(request.rawTarget), by: client)
                }
            }
            client.shutdown()
        }
    }

    @Test func proxyPassesRefusalsOn() async throws {
        try await withServer({ _ in .now(.text(403, "not you")) }) { kubelet in
            let client = try makeClient()
            try await withServer({ request in
                .later { await StreamProxy.forward(request, to: kubelet.url("/"), by: client) }
            }) { server in
                _ = await #expect(throws: HTTPClientError.self) {
                    try await WebSocketHandshake.connect(
                        client, server.url("/"), protocols: ["v5.channel.k8s.io"])
                }
            }
            client.shutdown()
        }
    }

    /// The exact messages of the older protocols, as a browser or the Python client sees them.
    @Test(arguments: [
        ("v4.channel.k8s.io", false), ("channel.k8s.io", false), ("v4.base64.channel.k8s.io", true),
    ])
    func messagesOfTheWire(_ name: String, _ isBase64: Bool) async throws {
        try await withServer(FakePod().handle) { server in
            let client = try makeClient()
            let url = server.url("\(FakePod.base)/exec?command=fail&stderr=true&stdout=true")
            let socket = try await WebSocketHandshake.connect(client, url, protocols: [name])
            #expect(socket.subprotocol == name)
            let messages = Mutex<[String]>([])
            await socket.run {
                while let message = try? await socket.receiveMessage(limit: 10_000) {
                    #expect(message.isText == isBase64)
                    var bytes = message.bytes
                    let channel = bytes.readInteger(as: UInt8.self) ?? 255
                    let text =
                        isBase64
                        ? Base64.decode(String(buffer: bytes)).map { String(decoding: $0, as: UTF8.self) }
                        : String(buffer: bytes)
                    messages.withLock { $0.append("\(isBase64 ? channel - 48 : channel) \(text ?? "?")") }
                }
            }
            let seen = messages.withLock { $0 }
            #expect(seen.prefix(2) == ["1 ", "2 no luck\n"])
            let status = seen.last ?? ""
            if name.hasPrefix("v4") {
                let value = try JSONValue(parsing: String(status.dropFirst(2)))
                #expect(value["reason"] == "NonZeroExitCode")
                #expect(value["details"]?["causes"]?.array?.first?["message"] == "3")
            } else {
                #expect(status == "3 command terminated with exit code 3")
            }
            client.shutdown()
        }
    }

    @Test(arguments: ["v9.channel.k8s.io", "nonsense"])
    func unknownProtocolsAreRefused(_ name: String) async throws {
        try await withServer(FakePod().handle) { server in
            let client = try makeClient()
            let url = server.url("\(FakePod.base)/exec?command=cat&stdout=true")
            await #expect(throws: HTTPClientError.self) {
                try await WebSocketHandshake.connect(client, url, protocols: [name])
            }
            client.shutdown()
        }
    }

    @Test func commandIsCancelledWhenTheClientGoes() async throws {
        let ended = InboundQueue<Bool>(size: { _ in 1 })
        try await withServer({ request in
            .now(
                RemoteCommandServer.answer(request, options: RemoteCommandOptions(stdin: true)) { session in
                    let rest = try? await session.readStdin()
                    ended.push(rest == nil)
                    return .success
                })
        }) { server in
            let client = try makeClient()
            let socket = try await WebSocketHandshake.connect(
                client, server.url("/?stdin=true&stdout=true"), protocols: ["v5.channel.k8s.io"])
            socket.abort()
            #expect(try await ended.next() == true)
            client.shutdown()
        }
    }

    @Test(
        arguments: [
            (
                "stdin=true&stdout=1&tty=true&stderr=true",
                RemoteCommandOptions(stdin: true, stdout: true, stderr: false, tty: true)
            ),
            ("input=1&output=1&error=1", RemoteCommandOptions(stdin: true, stdout: true, stderr: true)),
            ("stdin=false", nil), ("", nil),
        ] as [(String, RemoteCommandOptions?)])
    func options(_ query: String, _ options: RemoteCommandOptions?) throws {
        #expect(RemoteCommandOptions(try #require(HTTPTarget("/exec?\(query)"))) == options)
    }

    @Test func terminalSizesAcrossCuts() {
        var reader = TerminalSizeReader()
        #expect(reader.read(ByteBuffer(string: #"{"Width":80,"#)) == [])
        #expect(
            reader.read(ByteBuffer(string: #""Height":24}{"Width":1,"Height":2}x{"Width":-1,"Height":2}"#))
                == [TerminalSize(width: 80, height: 24), TerminalSize(width: 1, height: 2)])
    }
}
