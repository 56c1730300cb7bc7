/// What stands for the name in an address of a proxy subresource: `name`, `name:port` or `scheme:name:port`.
struct ProxyName: Equatable {
    var isEncrypted = false
    let name: String
    /// A number, or the name of a Service's port; empty when it is left open.
    var port = ""

    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1: name = parts[0]
        case 2: (name, port) = (parts[0], parts[1])
        case 3:
            guard ["", "http", "https"].contains(parts[0]) else { return nil }
            (isEncrypted, name, port) = (parts[0] == "https", parts[1], parts[2])
        default: return nil
        }
        if name.isEmpty { return nil }
    }
}
