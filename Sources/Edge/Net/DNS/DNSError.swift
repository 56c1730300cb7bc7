public import EdgeBase

/// Why a DNS server cannot start.
public enum DNSError: Error, Hashable, CustomStringConvertible {
    /// The cluster domain is no domain name, or too long for names within it.
    case badDomain(String)
    case cannotListen(address: IPAddress, port: Int, cause: String)
    case tooManyConnections

    public var description: String {
        switch self {
        case .badDomain(let domain):
            "cannot serve dns for cluster domain \"\(domain)\": no usable domain name"
        case .cannotListen(let address, let port, let cause):
            "cannot listen for dns queries on \(address) port \(port): \(cause)"
        case .tooManyConnections: "too many dns connections"
        }
    }
}
