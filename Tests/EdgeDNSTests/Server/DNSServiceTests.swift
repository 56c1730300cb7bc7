import EdgeBase
import EdgeClient
import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import EdgeDNS

/// Lists what it was given and has no changes.
private struct FixedSource: ObjectSource {
    var objects: [EncodedObject]

    func list(_ scope: WatchScope) async throws -> ObjectList {
        ObjectList(objects: objects.filter { $0.key.resource == scope.resource }, revision: 1)
    }

    func watch(
        _ scope: WatchScope, after revision: UInt64, deliver: @escaping @Sendable (WatchBatch) async -> Void
    ) async throws {
        for await _ in AsyncStream<Never>.makeStream(bufferingPolicy: .bufferingNewest(1)).stream {}
    }
}

/// A server on a free port of loopback, asked by the real `dig`.
@Suite(.timeLimit(.minutes(2))) struct DNSServiceTests {
    private static func object(_ resource: String, _ name: String, _ json: String) -> EncodedObject {
        EncodedObject(
            key: ObjectKey(
                resource: resource, namespace: resource == "namespaces" ? "" : "default", name: name),
            revision: 1, bytes: Array(json.utf8))
    }

    private static func objects() -> [EncodedObject] {
        let endpoints = (1...100).map { #"{"addresses":["10.42.7.\#($0)"]}"# }.joined(separator: ",")
        return [
            object("namespaces", "default", #"{"metadata":{"name":"default"}}"#),
            object(
                "services", "web",
                #"""
                {"metadata":{"name":"web","namespace":"default"},"spec":{"clusterIP":"10.43.1.1",
                "clusterIPs":["10.43.1.1"],"ports":[{"name":"http","port":80}]}}
                """#),
            object("services", "db", DNSZoneBuilderTests.service),
            object("endpointslices.discovery.k8s.io", "db-x", DNSZoneBuilderTests.slice(endpoints)),
            object(
                "services", "ext",
                #"""
                {"metadata":{"name":"ext","namespace":"default"},"spec":{"type":"ExternalName",
                "externalName":"www.example.com"}}
                """#),
        ]
    }

    /// Runs `body` with a server and its port. Without `synced` the informers never list.
    private static func withServer(
        synced: Bool = true, limits: DNSConfiguration.Limits = DNSConfiguration.Limits(),
        _ body: (DNSService, Int, FakeUpstream) async throws -> Void
    ) async throws {
        let upstream = try await FakeUpstream.start { query, _ in
            query.type == .a ? [query.addressReply(80)] : [query.denial(minimum: 5)]
        }
        let informers = InformerSet(source: FixedSource(objects: objects()))
        var configuration = DNSConfiguration(
            addresses: [.v4(.loopback)], port: 0, clusterDNS: [try address("10.43.0.10")],
            clusterNetworks: [CIDR("10.43.0.0/16"), CIDR("10.42.0.0/16")].compactMap { $0 },
            upstreams: .servers([DNSConfiguration.Server(.v4(.loopback), port: upstream.port)]))
        configuration.limits = limits
        let service = try DNSService(
            configuration, informers: informers, group: MultiThreadedEventLoopGroup.singleton)
        let running = Task { if synced { await informers.run() } }
        if synced {
            try await informers.waitUntilSynced()
            while !service.zones.isReady { await Task.yield() }
        }
        let port = try await service.start()
        try await body(service, port, upstream)
        await service.shutdown()
        await upstream.stop()
        running.cancel()
    }

    /// The standard output of a command.
    private static func run(_ command: String) async throws -> String {
        try await NIOThreadPool.singleton.runIfActive {
            guard let pipe = popen(command, "r") else { return "" }
            defer { pclose(pipe) }
            var output: [UInt8] = []
            while case let byte = fgetc(pipe), byte != EOF { output.append(UInt8(truncatingIfNeeded: byte)) }
            return String(decoding: output, as: UTF8.self)
        }
    }

    private static func dig(_ port: Int, _ arguments: String) async throws -> String {
        try await run("dig @127.0.0.1 -p \(port) +tries=1 +time=5 \(arguments)")
    }

    @Test func answersDig() async throws {
        try await Self.withServer { service, port, upstream in
            #expect(try await Self.dig(port, "+short web.default.svc.cluster.local") == "10.43.1.1\n")
            #expect(
                try await Self.dig(port, "+short _http._tcp.web.default.svc.cluster.local SRV")
                    == "0 100 80 web.default.svc.cluster.local.\n")
            #expect(
                try await Self.dig(port, "+short -x 10.43.1.1") == "web.default.svc.cluster.local.\n")
            #expect(try await Self.dig(port, "+short dns-version.cluster.local TXT") == "\"1.1.0\"\n")
            let missing = try await Self.dig(port, "nothing.default.svc.cluster.local AAAA")
            #expect(missing.contains("status: NXDOMAIN"))
            #expect(missing.contains("flags: qr aa rd ra;"))
            #expect(missing.contains("IN\tSOA\tns.dns.cluster.local. hostmaster.cluster.local."))
            let cased = try await Self.dig(port, "WeB.default.svc.cluster.local +noedns")
            #expect(cased.contains("\nWeB.default.svc.cluster.local. 5 IN\tA\t10.43.1.1"))
            #expect(upstream.queries.isEmpty)
            #expect(service.metrics.clusterAnswers == 6)
            #expect(service.metrics.clusterDenials == 1)
        }
    }

    @Test func goesToTCPForLargeAnswers() async throws {
        try await Self.withServer { service, port, _ in
            let name = "db.default.svc.cluster.local"
            let short = try await Self.dig(port, "+ignore +noall +comments \(name)")
            #expect(short.contains("flags: qr aa tc rd ra;"))
            let whole = try await Self.dig(port, "+short \(name)")
            #expect(whole.split(separator: "\n").count == 100)
            #expect(service.metrics.streamQueries == 1)
            // Several queries on one connection.
            let many = try await Self.dig(port, "+tcp +keepopen +short \(name) web.default.svc.cluster.local")
            #expect(many.split(separator: "\n").count == 101)
        }
    }

    @Test func asksTheWorldOutside() async throws {
        try await Self.withServer { service, port, upstream in
            #expect(try await Self.dig(port, "+short www.example.com") == "192.0.2.80\n")
            #expect(try await Self.dig(port, "+short WWW.example.com +tcp") == "192.0.2.80\n")
            #expect(
                try await Self.dig(port, "+short ext.default.svc.cluster.local")
                    == "www.example.com.\n192.0.2.80\n")
            #expect(upstream.queries == ["udp www.example.com."])
            let denied = try await Self.dig(port, "ext.default.svc.cluster.local AAAA")
            #expect(denied.contains("status: NXDOMAIN"))
            #expect(denied.contains("IN\tCNAME\twww.example.com."))
            #expect(service.metrics.cacheHits == 2)
            #expect(service.metrics.cachedAnswers == 2)
        }
    }

    @Test func failsClusterNamesBeforeTheFirstLists() async throws {
        try await Self.withServer(synced: false) { service, port, upstream in
            for name in ["web.default.svc.cluster.local", "1.1.43.10.in-addr.arpa"] {
                let reply = try await Self.dig(port, name)
                #expect(reply.contains("status: SERVFAIL"))
            }
            #expect(try await Self.dig(port, "+short www.example.com") == "192.0.2.80\n")
            #expect(upstream.queries == ["udp www.example.com."])
            #expect(service.metrics.notReady == 2)
        }
    }

    @Test func refusesTooManyConnections() async throws {
        var limits = DNSConfiguration.Limits()
        limits.connectionsPerClient = 1
        try await Self.withServer(limits: limits) { service, port, _ in
            let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            let clients = [
                try await bootstrap.connect(host: "127.0.0.1", port: port).get(),
                try await bootstrap.connect(host: "127.0.0.1", port: port).get(),
            ]
            // Which of the two is admitted is left to the event loops.
            await withTaskGroup { group in
                for client in clients { group.addTask { try? await client.closeFuture.get() } }
                await group.next()
                #expect(clients.filter(\.isActive).count == 1)
                for client in clients { client.close(promise: nil) }
            }
            #expect(service.metrics.refusedConnections == 1)
        }
    }

    @Test func closesIdleConnections() async throws {
        var limits = DNSConfiguration.Limits()
        limits.idleTime = .milliseconds(50)
        try await Self.withServer(limits: limits) { _, port, _ in
            let idle = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            try await idle.closeFuture.get()
        }
    }

    @Test func saysWhyItCannotStart() async throws {
        let informers = InformerSet(source: FixedSource(objects: []))
        let bad = DNSConfiguration(
            addresses: [], clusterDomain: "a..b", clusterDNS: [], clusterNetworks: [],
            upstreams: .servers([]))
        #expect(throws: DNSError.badDomain("a..b")) {
            try DNSService(bad, informers: informers, group: MultiThreadedEventLoopGroup.singleton)
        }
        let foreign = DNSConfiguration(
            addresses: [try address("192.0.2.1")], port: 0, clusterDNS: [], clusterNetworks: [],
            upstreams: .servers([]))
        let service = try DNSService(
            foreign, informers: informers, group: MultiThreadedEventLoopGroup.singleton)
        await #expect(throws: DNSError.self) { try await service.start() }
    }
}
