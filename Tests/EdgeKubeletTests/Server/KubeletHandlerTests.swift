import EdgeAPI
import EdgeBase
import EdgeClient
import EdgeJSON
import EdgeSystem
import EdgeTransport
import NIOCore
import NIOPosix
import Testing

@testable import EdgeKubelet

struct KubeletHandlerTests {
    private let directory = TestDirectory()

    private func serve(
        _ node: TestNode, decision: KubeletDecision = .allowed,
        _ body: (_ get: @Sendable (String) async throws -> (Int, String)) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let server = try await HTTPServer.start(
            host: "127.0.0.1", port: 0, group: group,
            handler: KubeletHandler(node.kubelet) { _, _ in decision })
        let client = try HTTPClient(group: group)
        let port = server.port
        try await body { path in
            let url = HTTPURL(isEncrypted: false, host: "127.0.0.1", port: port, target: path)
            let response = try await client.execute(HTTPClientRequest(.get, url))
            let bytes = try await response.collect(limit: 1 << 20)
            return (response.status.code, String(buffer: bytes))
        }
        client.shutdown()
        await server.shutdown(grace: .zero)
        try await group.shutdownGracefully()
    }

    @Test func answers() async throws {
        let node = TestNode(directory)
        node.start()
        node.api.put(
            try makePod(
                #"{"nodeName":"pi","restartPolicy":"Never","containers":[{"name":"web","image":"i:1"}]}"#))
        #expect(await node.eventually { node.api.pod("web")?.isReady == true })
        try await serve(node) { get in
            #expect(try await get("/healthz").1 == "ok")
            let pods = try JSONValue(parsing: try await get("/pods").1)
            #expect(pods["items"]?.array?.count == 1)
            #expect(try await get("/containerLogs/default/none/web").0 == 404)
            #expect(try await get("/containerLogs/default/web/none").0 == 404)
            #expect(try await get("/containerLogs/default/web/web?tailLines=x").0 == 422)
            let previous = try await get("/containerLogs/default/web/web?previous=true")
            #expect(previous == (400, "previous terminated container \"web\" in pod \"web\" not found\n"))
            #expect(try await get("/run/default/web/web").0 == 405)
            #expect(try await get("/exec/default/web/web?command=ls&stdout=1").0 == 400)
            let summary = try JSONValue(parsing: try await get("/stats/summary").1)
            #expect(summary["node"]?["nodeName"]?.string == "pi")
            #expect(summary["pods"]?.array?.first?["containers"]?.array?.count == 1)
            let metrics = try await get("/metrics/resource").1
            #expect(
                metrics.contains(
                    #"container_cpu_usage_seconds_total{container="web",namespace="default",pod="web"} 2"#))
            let own = try await get("/metrics").1
            #expect(own.contains("kubelet_running_pods 1"))
        }
        await node.stop()
    }

    @Test func logsOfAFinishedPod() async throws {
        let node = TestNode(directory)
        node.start()
        node.api.put(
            try makePod(
                #"{"nodeName":"pi","restartPolicy":"Never","containers":[{"name":"web","image":"i:1"}]}"#))
        #expect(await node.eventually { node.api.pod("web")?.isReady == true })
        let logs = directory.path + "/logs/default_web_uid-1/web"
        try Directory.make(logs)
        try File.write(Array("2026-01-01T00:00:00Z stdout F hello\n".utf8), to: logs + "/0.log")
        node.runtime.exit("web", code: 0)
        #expect(await node.eventually { node.runtime.listPodSandboxes().isEmpty })
        #expect(await node.eventually { node.api.pod("web")?.status.phase == "Succeeded" })
        let kubelet = node.kubelet
        #expect(
            await node.eventually {
                (kubelet.context.pods.get(namespace: "default", name: "web").flatMap {
                    try? Pod(decoding: $0)
                })?.isTerminal == true
            })
        try await serve(node) { get in
            let answer = try await get("/containerLogs/default/web/web")
            #expect(answer == (200, "hello\n"))
        }
        await node.stop()
    }

    @Test(arguments: [(KubeletDecision.unauthenticated, 401), (.denied("no"), 403)])
    func refusals(_ decision: KubeletDecision, _ status: Int) async throws {
        try await serve(TestNode(directory), decision: decision) { get in
            let answer = try await get("/pods")
            #expect(answer.0 == status)
        }
    }
}
