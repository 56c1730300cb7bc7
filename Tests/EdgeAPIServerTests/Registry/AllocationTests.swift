import EdgeAPI
import EdgeBase
import EdgeClient
import EdgeJSON
import Testing

@testable import EdgeAPIServer

@Suite struct AllocationTests {
    @Test func givesEachAddressOnce() throws {
        var pool = AddressPool(try #require(CIDR("10.43.0.0/28")))
        var given: Set<IPAddress> = []
        while let address = pool.allocate() { #expect(given.insert(address).inserted) }
        // 16 addresses less the network's own and the broadcast address.
        #expect(given.count == 14)
        let one = try #require(given.first)
        pool.release(one)
        #expect(pool.allocate() == one)
    }

    @Test func takesOnlyWhatIsFreeAndInside() throws {
        var pool = AddressPool(try #require(CIDR("10.43.0.0/24")))
        #expect(pool.take(try #require(IPAddress("10.43.0.10"))))
        #expect(!pool.take(try #require(IPAddress("10.43.0.10"))))
        #expect(!pool.take(try #require(IPAddress("10.44.0.10"))))
        #expect(!pool.take(try #require(IPAddress("10.43.0.0"))))
    }

    @Test func servicesKeepAndReturnTheirPorts() async throws {
        let store = try await TestRegistry().registry.store
        let behavior = try ServiceBehavior(
            addresses: [try #require(CIDR("10.43.0.0/24"))], ports: 30000...30000, store: store)
        let test = try await TestRegistry(behaviors: ["services": behavior])
        let service: JSONValue = ["spec": ["type": "NodePort", "ports": [["port": 80]]]]
        var first = service
        first["metadata"] = ["name": "a"]
        let made = try await test.create("services", first)
        #expect(made[path: "spec", "ports"]?.array?.first?["nodePort"] == 30000)
        #expect(made[path: "spec", "clusterIPs"]?.array?.count == 1)
        var second = service
        second["metadata"] = ["name": "b"]
        await #expect(throws: (any Error).self) { try await test.create("services", second) }
        _ = try await test.registry.delete(
            try test.resource("services"), namespace: "d", name: "a", options: .init(), test.context)
        #expect(
            try await test.create("services", second)[path: "spec", "ports"]?.array?.first?["nodePort"]
                == 30000)
    }
}
