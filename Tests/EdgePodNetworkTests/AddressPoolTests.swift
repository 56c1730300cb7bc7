import EdgeBase
import Testing

@testable import EdgePodNetwork

@Suite struct AddressPoolTests {
    private func pool(
        _ network: String = "10.42.1.0/29", used: [String] = [], last: String? = nil
    ) throws -> AddressPool {
        AddressPool(
            network: try #require(CIDR(network)), used: used.compactMap { IPAddress($0) },
            last: last.flatMap { IPAddress($0) })
    }

    private func take(_ count: Int, from pool: inout AddressPool) -> [String] {
        (0..<count).compactMap { _ in pool.allocate()?.description }
    }

    @Test func reservedAddressesAreNeverGivenOut() throws {
        var pool = try pool()
        #expect(
            take(9, from: &pool) == ["10.42.1.2", "10.42.1.3", "10.42.1.4", "10.42.1.5", "10.42.1.6"])
        #expect(pool.gateway.description == "10.42.1.1")
        #expect(pool.tunnel.description == "10.42.1.0")
    }

    @Test func freedAddressesComeLastAndInTheirOrder() throws {
        var pool = try pool()
        let first = take(3, from: &pool)
        for address in [first[1], first[0]] { pool.release(try #require(IPAddress(address))) }
        #expect(take(4, from: &pool) == ["10.42.1.5", "10.42.1.6", "10.42.1.3", "10.42.1.2"])
    }

    @Test(arguments: [
        ([], "10.42.1.4", ["10.42.1.5", "10.42.1.6", "10.42.1.2", "10.42.1.3", "10.42.1.4"]),
        (["10.42.1.5", "10.42.1.2"], "10.42.1.4", ["10.42.1.6", "10.42.1.3", "10.42.1.4"]),
        ([], "10.42.1.6", ["10.42.1.2", "10.42.1.3", "10.42.1.4", "10.42.1.5", "10.42.1.6"]),
        // An address of a former pod CIDR says nothing.
        (["10.9.0.3"], "10.9.0.4", ["10.42.1.2", "10.42.1.3", "10.42.1.4", "10.42.1.5", "10.42.1.6"]),
    ])
    func afterARestartAllocationGoesOnBehindTheLastOne(
        _ used: [String], _ last: String, _ expected: [String]
    ) throws {
        var pool = try pool(used: used, last: last)
        #expect(take(9, from: &pool) == expected)
    }

    @Test func noAddressIsInUseTwice() throws {
        var pool = try pool("10.42.1.0/26")
        var inUse: Set<IPAddress> = []
        var random = SystemRandomNumberGenerator()
        for _ in 0..<5000 {
            if Bool.random(using: &random), let address = pool.allocate() {
                #expect(inUse.insert(address).inserted)
            } else if let address = inUse.randomElement(using: &random) {
                inUse.remove(address)
                pool.release(address)
            }
            #expect(pool.used == inUse)
        }
    }

    @Test func releasingTwiceDoesNoHarm() throws {
        var pool = try pool()
        let allocated = pool.allocate()
        let address = try #require(allocated)
        pool.release(address)
        pool.release(address)
        #expect(take(9, from: &pool).count == 5)
        let isFree = pool.take(address)
        #expect(!isFree)
    }
}
