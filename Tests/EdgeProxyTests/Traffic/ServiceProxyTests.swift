import EdgeBase
import EdgeJSON
import EdgeNetlink
import NetTestSupport
import Synchronization
import Testing

@testable import EdgeProxy

@Suite struct ServiceProxyTests {
    private let host: TestNamespace
    private let proxy: ServiceProxy
    private let tables: NFTablesClient
    private let table = NFTTable(.ipv4, "edge")

    init() throws {
        host = try TestNamespace()
        var configuration = ProxyFixture.configuration
        configuration.namespace = host.namespace
        proxy = try ServiceProxy(configuration)
        tables = try NFTablesClient(in: host.namespace)
    }

    private func setService(_ name: String, _ address: String) async {
        await proxy.setService(
            ServiceName(namespace: "default", name: name),
            [
                "metadata": ["name": .string(name), "namespace": "default"],
                "spec": ["clusterIP": .string(address), "ports": [["port": 80]]],
            ])
    }

    @Test func nothingIsWrittenBeforeTheFirstListsAreThere() async throws {
        await setService("web", "10.43.0.1")
        try await proxy.sync()
        #expect(try tables.tables().isEmpty)
        await proxy.start()
        try await proxy.sync()
        #expect(try tables.tables() == [table])
        let generation = try tables.generation()
        await setService("web", "10.43.0.1")
        try await proxy.sync()
        #expect(try tables.generation() == generation)
    }

    @Test func anotherProcessesRulesAreReplacedAndThoseOfOthersStay() async throws {
        try host.shell(
            """
            nft add table ip edge; nft add chain ip edge old; nft add table ip docker
            nft add table inet edge
            """)
        await proxy.start()
        try await proxy.sync()
        #expect(try !tables.chains(of: table).contains("old"))
        try await proxy.remove()
        #expect(
            try host.shell("nft list tables").split(separator: "\n").sorted()
                == ["table inet edge", "table ip docker"])
        try await proxy.remove()
        var configuration = ProxyFixture.configuration
        configuration.namespace = host.namespace
        try host.shell("nft add table ip edge")
        try ServiceProxy.remove(configuration)
        try ServiceProxy.remove(configuration)
        #expect(try !tables.tables().contains(table))
    }

    @Test func aTableThatOthersChangedIsWrittenAnew() async throws {
        await proxy.start()
        await setService("web", "10.43.0.1")
        try await proxy.sync()
        try host.shell("nft flush chain ip edge services; nft flush map ip edge no-endpoint-services")
        await setService("web", "10.43.0.2")
        try await proxy.sync()
        #expect(try tables.elements(of: "no-endpoint-services", in: table)?.count == 1)
        #expect(try tables.rules(of: table).filter { $0.chain == "services" }.count == 5)
    }

    @Test func runSyncsAfterChangesAndRepairsTheTable() async throws {
        let errors = Mutex<[String]>([])
        let monitor = try NetlinkMonitor([.tables], in: host.namespace)
        let proxy = proxy
        let task = Task {
            try await proxy.run(interval: .zero) { error in errors.withLock { $0.append("\(error)") } }
        }
        await proxy.start()
        await setService("web", "10.43.0.1")
        let deadline = ContinuousClock.now + .seconds(60)
        func wait(_ condition: () throws -> Bool) async throws -> Bool {
            while ContinuousClock.now < deadline {
                if try condition() { return true }
                await Task.yield()
            }
            return false
        }
        let elements = { try tables.elements(of: "no-endpoint-services", in: table)?.count ?? 0 }
        #expect(try await wait { try elements() == 1 })
        try host.shell("nft flush ruleset")
        #expect(try await wait { try elements() == 1 })
        task.cancel()
        _ = await task.result
        monitor.stop()
        #expect(errors.withLock { $0 } == [])
    }

    @Test(arguments: [
        (
            "10.43.0.0/17", "10.43.0.0/16", 0x4000, "edge",
            "service CIDR 10.43.0.0/16 overlaps cluster CIDR 10.43.0.0/17"
        ),
        ("10.42.0.0/16", "fd00::/112", 0x4000, "edge", "only IPv4 is supported"),
        ("10.42.0.0/16", "10.43.0.0/16", 0x4001, "edge", "the masquerade mark must be one bit"),
        ("10.42.0.0/16", "10.43.0.0/16", 0x4000, "", "the table's name must have 1 to 31 bytes"),
    ])
    func unusableConfigurationsAreRefused(
        _ cluster: String, _ services: String, _ mark: UInt32, _ name: String, _ cause: String
    ) throws {
        let configuration = ProxyConfiguration(
            nodeName: "a", clusterCIDR: ProxyFixture.network(cluster),
            serviceCIDR: ProxyFixture.network(services), tableName: name, masqueradeMark: mark)
        let error = try #require(throws: ProxyError.self) { try ServiceProxy(configuration) }
        #expect(error.description == "configure proxy of a: \(cause)")
    }
}
