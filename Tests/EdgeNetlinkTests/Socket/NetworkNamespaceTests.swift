import EdgeNetlink
import NetTestSupport
import Testing

@Suite struct NetworkNamespaceTests {
    @Test func otherThreadsStayWhereTheyAre() throws {
        let before = try NetworkNamespace.current().identity()
        let other = try NetworkNamespace.create()
        let inside = try other.run { try NetworkNamespace.current().identity() }
        #expect(inside == (try other.identity()))
        #expect(inside != before)
        #expect(try NetworkNamespace.current().identity() == before)
    }

    @Test func errorsComeBack() throws {
        struct Oops: Error {}
        let other = try NetworkNamespace.create()
        #expect(throws: Oops.self) { try other.run { throw Oops() } }
        #expect(throws: NetlinkError.self) { try NetworkNamespace(path: "/proc/1/ns/nothing") }
    }

    private actor Owner {
        private let executor: NetlinkExecutor
        private var client: RouteClient?
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        init(_ namespace: NetworkNamespace) throws {
            executor = try NetlinkExecutor()
            client = try RouteClient(in: namespace)
        }

        func names() throws -> [String] { try client?.links().map(\.name) ?? [] }
    }

    @Test func actorRunsOnItsOwnThread() async throws {
        let test = try TestNamespace()
        let owner = try Owner(test.namespace)
        for _ in 0..<50 { #expect(try await owner.names() == ["lo"]) }
    }

    @Test func changesAreReported() async throws {
        let test = try TestNamespace()
        let monitor = try NetlinkMonitor([.links, .addresses, .routes, .tables], in: test.namespace)
        try test.shell(
            """
            ip link add d0 type bridge; ip link set d0 up; ip addr add 10.1.0.1/24 dev d0
            nft add table ip t; nft delete table ip t; ip link del d0
            """)
        var seen: Set<String> = []
        for await event in monitor.events {
            switch event {
            case .linkChanged(_, "d0", true): seen.insert("up")
            case .addressesChanged: seen.insert("address")
            case .routesChanged: seen.insert("route")
            case .tableRemoved(NFTTable(.ipv4, "t")): seen.insert("table")
            case .linkRemoved(_, "d0"): seen.insert("removed")
            default: break
            }
            if seen.count == 5 { break }
        }
        monitor.stop()
        #expect(seen == ["up", "address", "route", "table", "removed"])
    }
}
