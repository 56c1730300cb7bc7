extension Node {
    public var isReady: Bool { status.isTrue("Ready") }

    /// The addresses of a type, such as `InternalIP`.
    public func addresses(_ type: String) -> [String] {
        status.addresses.filter { $0.type == type }.map(\.address)
    }

    public var internalIP: String? { addresses("InternalIP").first }
    public var hostname: String { self[label: "kubernetes.io/hostname"] ?? name }

    /// The roles of `node-role.kubernetes.io/<role>` labels, in order.
    public var roles: [String] {
        let prefix = "node-role.kubernetes.io/"
        return labels.compactMap { key, value in
            if key.hasPrefix(prefix), key.utf8.count > prefix.utf8.count {
                return String(key.dropFirst(prefix.count))
            }
            return key == "kubernetes.io/role" && !value.isEmpty ? value : nil
        }
        .sorted()
    }
}
