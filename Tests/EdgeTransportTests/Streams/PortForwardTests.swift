internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import Testing

@testable internal import EdgeTransport

@Suite struct PortForwardTests {
    private func check(refusesWebSocket: Bool) async throws {
        try await withServer({ request in .now(.text(200, "you asked for \(request.path)")) }) { pod in
            try await withServer({ request in
                if refusesWebSocket, WebSocketHandshake.isRequested(request) { return .now(.text(400, "no")) }
                return FakePod(forwardPort: pod.port).handle(request)
            }) { server in
                let client = try makeClient()
                let answers = Collected()
                try await PortForwardClient.run(client, server.url("\(FakePod.base)/portforward")) {
                    session in
                    await withTaskGroup(of: Void.self) { group in
                        for index in 0..<4 {
                            group.addTask {
                                let (local, remote) = PipeStream.pair()
                                async let forwarding: Void = session.forward(port: 80, local: remote)
                                try? await local.write(
                                    "GET /\(index) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                                let answer = (try? await local.readAll(limit: 10_000)).map {
                                    String(buffer: $0)
                                }
                                answers.add(answer?.components("\r\n\r\n").last ?? "nothing")
                                try? await local.finish()
                                try? await forwarding
                            }
                        }
                    }
                    let (local, remote) = PipeStream.pair()
                    do {
                        try await session.forward(port: 81, local: remote)
                    } catch {
                        answers.add("\(error)")
                    }
                    local.close()
                }
                let seen = answers.all
                #expect(seen.prefix(4).sorted() == (0..<4).map { "you asked for /\($0)" })
                #expect(seen.last?.contains("error forwarding port 81") == true, "\(seen)")
                client.shutdown()
            }
        }
    }

    @Test func inAWebSocket() async throws { try await check(refusesWebSocket: false) }
    @Test func overSPDY() async throws { try await check(refusesWebSocket: true) }

    /// The Python client's way: channels in pairs, each beginning with its port.
    @Test func overChannels() async throws {
        try await withServer({ request in .now(.text(200, "pod \(request.path)")) }) { pod in
            try await withServer(FakePod(forwardPort: pod.port).handle) { server in
                let client = try makeClient()
                let url = server.url("\(FakePod.base)/portforward?ports=80,81")
                let socket = try await WebSocketHandshake.connect(
                    client, url, protocols: ["v4.channel.k8s.io"])
                let channels = Mutex<[UInt8: [UInt8]]>([:])
                await socket.run {
                    try? await socket.send(
                        ByteBuffer(string: "\0GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                    while let message = try? await socket.receiveMessage(limit: 10_000) {
                        var bytes = message.bytes
                        let channel = bytes.readInteger(as: UInt8.self) ?? 255
                        let seen = channels.withLock { channels in
                            channels[channel, default: []] += bytes.readableBytesView
                            return channels
                        }
                        let isAnswered = String(decoding: seen[0] ?? [], as: UTF8.self).hasSuffix("pod /x")
                        if isAnswered, (seen[3]?.count ?? 0) > 2 { return }
                    }
                }
                let seen = channels.withLock { $0 }
                #expect(seen[0]?.prefix(2) == [80, 0] && seen[1] == [80, 0])
                #expect(seen[2] == [81, 0] && seen[3]?.prefix(2) == [81, 0])
                #expect(String(decoding: seen[3] ?? [], as: UTF8.self).contains("error forwarding port 81"))
                client.shutdown()
            }
        }
    }

    @Test(arguments: ["", "?ports=", "?ports=0", "?ports=80,x", "?ports=70000"])
    func badPorts(_ query: String) async throws {
        try await withServer(FakePod().handle) { server in
            let client = try makeClient()
            await #expect(throws: HTTPClientError.self) {
                try await WebSocketHandshake.connect(
                    client, server.url("\(FakePod.base)/portforward\(query)"),
                    protocols: ["v4.channel.k8s.io"])
            }
            client.shutdown()
        }
    }
}

extension String {
    func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
