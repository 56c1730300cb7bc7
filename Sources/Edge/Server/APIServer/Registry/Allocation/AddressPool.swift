internal import EdgeBase

/// The addresses of a Service range. The first sixteenth (at most 256) is left for addresses that users
/// choose, as in Kubernetes, so that a fixed address is seldom taken already.
struct AddressPool: Sendable {
    private let network: CIDR
    private let size: Int
    private let staticCount: Int
    private var taken: Set<Int> = []

    init(_ network: CIDR) {
        self.network = network
        // Neither the network's own address nor, in IPv4, the broadcast address.
        size = min(network.addressCount, 1 << 16) - (network.address.isIPv4 ? 1 : 0)
        staticCount = min(max(16, size / 16), 256)
    }

    func contains(_ address: IPAddress) -> Bool { network.contains(address) }

    /// False when the address is taken or cannot be given.
    mutating func take(_ address: IPAddress) -> Bool {
        guard let offset = network.offset(of: address), offset > 0, offset < size else { return false }
        return taken.insert(offset).inserted
    }

    mutating func release(_ address: IPAddress) {
        if let offset = network.offset(of: address) { taken.remove(offset) }
    }

    /// A free address, tried at random first so that a released one does not come back at once.
    mutating func allocate() -> IPAddress? {
        let dynamic = size > staticCount * 2 ? staticCount..<size : 1..<size
        guard !dynamic.isEmpty else { return nil }
        let start = Int.random(in: dynamic)
        let candidates = [start..<dynamic.upperBound, dynamic.lowerBound..<start, 1..<dynamic.lowerBound]
        for candidate in candidates.joined() where taken.insert(candidate).inserted {
            return network.address(at: candidate)
        }
        return nil
    }
}
