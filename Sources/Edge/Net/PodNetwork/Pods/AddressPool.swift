internal import EdgeBase

/// Which addresses of a node's pod CIDR are free. An address that was freed is given out again only after all
/// others, so that peers which still remember its last user have time to forget.
///
/// Three addresses are never given out: the network's first one, which is the tunnel's; the second, the
/// bridge's; and the last, which is the broadcast address.
struct AddressPool {
    let network: CIDR
    private(set) var used: Set<IPAddress> = []
    /// Freed addresses, the oldest first.
    private var freed: [IPAddress] = []
    /// Addresses from this offset on have not been given out in this round.
    private var next: Int
    private var neverUsedLeft: Int

    /// `last` is the address that was given out last, as far as is known.
    init(network: CIDR, used: some Sequence<IPAddress>, last: IPAddress?) {
        self.network = network
        self.used = Set(used.filter { network.contains($0) })
        neverUsedLeft = network.addressCount - 3
        next = last.flatMap { network.offset(of: $0) }.map { $0 + 1 } ?? 2
    }

    var gateway: IPAddress { network.address(at: 1) ?? network.firstAddress }
    var tunnel: IPAddress { network.firstAddress }

    /// Nil when all are in use.
    mutating func allocate() -> IPAddress? {
        while neverUsedLeft > 0 {
            neverUsedLeft -= 1
            if next > network.addressCount - 2 || next < 2 { next = 2 }
            guard let address = network.address(at: next) else { return nil }
            next += 1
            // A freed one waits for its turn behind those that have never been used.
            if !freed.contains(address), used.insert(address).inserted { return address }
        }
        while !freed.isEmpty {
            let address = freed.removeFirst()
            if used.insert(address).inserted { return address }
        }
        return nil
    }

    /// Takes a given address, as an attachment that exists has it; false when it is in use.
    mutating func take(_ address: IPAddress) -> Bool {
        freed.removeAll { $0 == address }
        return used.insert(address).inserted
    }

    mutating func release(_ address: IPAddress) {
        guard used.remove(address) != nil else { return }
        freed.append(address)
    }
}
