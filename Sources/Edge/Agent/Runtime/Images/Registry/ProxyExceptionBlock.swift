internal import EdgeBase

/// An address or a block of addresses in `NO_PROXY`.
struct ProxyExceptionBlock {
    private let block: CIDR

    init?(_ text: String) {
        guard text.contains("/"), let block = CIDR(text) else { return nil }
        self.block = block
    }

    func contains(_ host: String) -> Bool {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        return IPAddress(bare).map { block.contains($0) } ?? false
    }
}
