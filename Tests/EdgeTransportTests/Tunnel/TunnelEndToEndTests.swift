internal import EdgeBase
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Testing

@testable internal import EdgeTransport

@Suite struct TunnelEndToEndTests {
    /// A kubelet with TLS on loopback that the server reaches only through the agent's connection; the
    /// connection is lost and comes back.
    @Test func serverReachesTheKubeletAndTheAgentComesBack() async throws {
        let certificates = try TestCertificates()
        let tunnels = TunnelServer()
        let group = MultiThreadedEventLoopGroup.singleton
        try await withServer(
            tls: certificates.serverContext,
            { request in
                .now(
                    .text(
                        200,
                        "kubelet \(request.path) for \(request.connection.identity?.commonName ?? "nobody")"))
            }
        ) { kubelet in
            try await withServer(
                tls: certificates.serverContext,
                { request in
                    guard let node = request.connection.identity?.commonName else {
                        return .now(.text(401, "who?"))
                    }
                    return .now(tunnels.answer(request, node: node))
                }
            ) { server in
                let agentClient = try makeClient {
                    $0.tls = try certificates.clientContext(identity: certificates.client)
                }
                let waits = InboundQueue<Duration>(size: { _ in 1 })
                let port = kubelet.port
                let agent = TunnelAgent(
                    client: { agentClient }, url: server.url("/v1-edge/connect", isEncrypted: true),
                    dialer: TCPDialer(group: group), logger: Logger(label: "test"),
                    settings: TunnelSession.Settings(),
                    sleep: { waits.push($0) }
                ) { host, asked in host == "127.0.0.1" && asked == port }
                let running = Task { await agent.run() }
                let client = try makeClient {
                    $0.tls = try certificates.clientContext(identity: certificates.client)
                    $0.dialer = tunnels.dialer(node: "alice")
                }
                let request = HTTPClientRequest(.get, kubelet.url("/pods", isEncrypted: true))
                try await eventually { tunnels.isConnected("alice") }
                let answer = try await client.collect(request)
                #expect(String(buffer: answer.body) == "kubelet /pods for alice")
                // The node decides what may be dialled.
                await #expect(throws: DialError.self) {
                    try await tunnels.dialer(node: "alice").connect(host: "127.0.0.1", port: 22)
                }
                await #expect(throws: DialError.self) {
                    try await tunnels.dialer(node: "bob").connect(host: "127.0.0.1", port: port)
                }
                // The connection is lost: the agent waits its time and comes back.
                tunnels.closeAll()
                #expect(try await waits.next() != nil)
                try await eventually { tunnels.isConnected("alice") }
                let again = try await client.collect(request)
                #expect(again.head.status == 200)
                running.cancel()
                client.shutdown()
                agentClient.shutdown()
                tunnels.closeAll()
                await running.value
            }
        }
    }

    private func eventually(_ condition: @Sendable () -> Bool) async throws {
        for _ in 0..<2000 where !condition() { try await Task.sleep(for: .milliseconds(5)) }
        #expect(condition())
    }
}
