import EdgeAPI
import EdgeClient
import EdgeJSON
import EdgeTransport
import Synchronization
import Testing

@testable import EdgeKubectl

/// Commands that talk to running containers.
@Suite struct PodTests {
    private func server() throws -> MemoryServer {
        let server = MemoryServer()
        try server.put(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: default, labels: {app: web}}
            spec: {nodeName: n, containers: [{name: a, image: x, ports: [{containerPort: 8080, name: http}]}, {name: b, image: y}]}
            status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: default}
            spec: {selector: {matchLabels: {app: web}}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: default}
            spec: {clusterIP: 10.43.0.9, selector: {app: web}, ports: [{name: main, port: 80, targetPort: http}, {port: 81, targetPort: 8081}]}
            """)
        server.answer("/api/v1/namespaces/default/pods/web/log", "one\ntwo\n")
        return server
    }

    @Test(arguments: [
        ("logs web -c a", "one\ntwo\n", "container=a"),
        ("logs web b --tail=5", "one\ntwo\n", "container=b&tailLines=5"),
        (
            "logs deploy/web -c b --since=1m --timestamps", "one\ntwo\n",
            "container=b&timestamps=true&sinceSeconds=60"
        ),
        ("logs web -c a --prefix", "[pod/web/a] one\n[pod/web/a] two\n", "container=a"),
        ("logs -l app=web -c a", "one\ntwo\n", "container=a&tailLines=10"),
        ("logs web -p -c a --limit-bytes=3", "one\ntwo\n", "container=a&previous=true&limitBytes=3"),
    ])
    func printsLogs(line: String, text: String, query: String) async throws {
        let server = try server()
        let result = await kubectl(line, server: server)
        #expect(result == KubectlResult(output: text, errors: "", code: 0))
        #expect(server.requests.last?.target == "/api/v1/namespaces/default/pods/web/log?\(query)")
    }

    @Test func tellsWhichContainerItTook() async throws {
        let result = await kubectl("logs web", server: try server())
        #expect(result.errors == "Defaulted container \"a\" out of: a, b\n")
        let wrong = await kubectl("logs web -c z", server: try server())
        #expect(wrong.errors == "error: container z is not valid for pod web out of: a, b\n")
        let absent = await kubectl("logs nope", server: try server())
        #expect(
            absent.errors
                == "error: error from server (NotFound): pods \"nope\" not found in namespace \"default\"\n")
    }

    // MARK: Exec

    /// Answers every session with the same events.
    final class Streams: StreamTransport, CommandStream {
        let events: Mutex<[CommandStreamEvent]>
        let input = Mutex<[UInt8]>([])
        let target = Mutex("")

        init(_ events: [CommandStreamEvent]) { self.events = Mutex(events) }

        func openCommand(_ request: RESTRequest) async throws -> any CommandStream {
            target.withLock { $0 = request.target }
            return self
        }

        func openPortForward(_ request: RESTRequest) async throws -> any PortForwardStream {
            throw APIStatus.badRequest("none")
        }

        func send(_ bytes: [UInt8]) async throws { input.withLock { $0 += bytes } }
        func endInput() async throws {}
        func resize(_ size: TerminalSize) async throws {}
        func next() async throws -> CommandStreamEvent? {
            events.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
        func close() async {}
    }

    @Test func execPassesOutputAndExitCodeOn() async throws {
        let streams = Streams([
            .output(Array("out".utf8)), .error(Array("err".utf8)),
            .status([
                "status": "Failure", "reason": "NonZeroExitCode",
                "details": ["causes": [["reason": "ExitCode", "message": "3"]]],
            ]),
        ])
        let result = await kubectl("exec web -c b -- sh -c x", server: try server(), streams: streams)
        #expect(
            result
                == KubectlResult(output: "out", errors: "errcommand terminated with exit code 3\n", code: 3))
        #expect(
            streams.target.withLock { $0 }
                == "/api/v1/namespaces/default/pods/web/exec?command=sh&command=-c&command=x&container=b&stdout=true&stderr=true"
        )
    }

    @Test func failuresOfTheServerAreErrors() async throws {
        let streams = Streams([
            .status(["status": "Failure", "reason": "InternalError", "message": "no such file"])
        ])
        let result = await kubectl("exec deploy/web -c a -- nope", server: try server(), streams: streams)
        #expect(result == KubectlResult(output: "", errors: "error: no such file\n", code: 1))
    }

    @Test(arguments: [
        ("5000", 5000, 5000), ("8000:80", 8000, 80), (":80", 0, 80), ("http", 8080, 8080),
        ("90:http", 90, 8080),
    ])
    func readsPortsOfPods(text: String, local: Int, remote: Int) throws {
        let pod = try #require(try object("pods/web"))
        #expect(
            try PortForwardCommand.mapping(text, target: pod, pod: pod) == .init(local: local, remote: remote)
        )
    }

    @Test(arguments: [("80", 80, 8080), ("9000:main", 9000, 8080), ("81", 81, 8081), ("main", 80, 8080)])
    func readsPortsOfServices(text: String, local: Int, remote: Int) throws {
        let (service, pod) = (try #require(try object("services/web")), try #require(try object("pods/web")))
        #expect(
            try PortForwardCommand.mapping(text, target: service, pod: pod)
                == .init(local: local, remote: remote))
    }

    private func object(_ path: String) throws -> APIObject? {
        try server().object("/api/v1/namespaces/default/\(path)").flatMap { APIObject($0) }
    }
}
