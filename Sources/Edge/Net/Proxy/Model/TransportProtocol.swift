/// The protocols that a Service port can have, by their IP protocol number.
public enum TransportProtocol: UInt8, Hashable, Sendable, CaseIterable {
    case tcp = 6
    case udp = 17
    case sctp = 132

    /// `TCP`, `UDP` or `SCTP`, as API objects say it; nil for anything else.
    public init?(name: String) {
        switch name {
        case "TCP": self = .tcp
        case "UDP": self = .udp
        case "SCTP": self = .sctp
        default: return nil
        }
    }

    /// In lower case, for names.
    public var name: String {
        switch self {
        case .tcp: "tcp"
        case .udp: "udp"
        case .sctp: "sctp"
        }
    }
}
