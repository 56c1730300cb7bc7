/// A chain: a base chain when it has a hook, else one that rules and maps jump to.
public struct NFTChain: Hashable, Sendable {
    public var name: String
    public var hook: NFTHook?

    public init(_ name: String, hook: NFTHook? = nil) {
        self.name = name
        self.hook = hook
    }
}

/// Where a base chain is called.
public struct NFTHook: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        case filter, nat, route
    }

    /// NF_INET_*
    public enum Point: UInt32, Hashable, Sendable {
        case prerouting, input, forward, output, postrouting
    }

    public enum Policy: UInt32, Hashable, Sendable {
        case drop, accept
    }

    public var kind: Kind
    public var point: Point
    /// Chains of one point run by increasing priority; NAT of destinations is -100, filtering 0, NAT of
    /// sources 100.
    public var priority: Int32
    public var policy: Policy

    public init(_ kind: Kind, _ point: Point, priority: Int32, policy: Policy = .accept) {
        self.kind = kind
        self.point = point
        self.priority = priority
        self.policy = policy
    }
}

/// What becomes of a packet.
public enum NFTVerdict: Hashable, Sendable {
    case accept
    case drop
    case `continue`
    case `return`
    case jump(String)
    case goto(String)

    /// NF_* and NFT_*, as they stand in a register.
    var code: Int32 {
        switch self {
        case .drop: 0
        case .accept: 1
        case .continue: -1
        case .jump: -3
        case .goto: -4
        case .return: -5
        }
    }

    var chain: String? {
        switch self {
        case .jump(let name), .goto(let name): name
        default: nil
        }
    }
}
