// What Swift's Glibc module lacks of linux/if_link.h, linux/veth.h and linux/if.h.

/// Attributes of a link.
enum IFLA {
    static let address: UInt16 = 1
    static let name: UInt16 = 3
    static let mtu: UInt16 = 4
    static let link: UInt16 = 5
    static let master: UInt16 = 10
    static let protocolInfo: UInt16 = 12
    static let linkInfo: UInt16 = 18
    static let netnsPID: UInt16 = 19
    static let alias: UInt16 = 20
    static let netnsFD: UInt16 = 28
    static let extensionMask: UInt16 = 29
    static let linkNetnsID: UInt16 = 37

    enum Info {
        static let kind: UInt16 = 1
        static let data: UInt16 = 2
        static let portKind: UInt16 = 4
        static let portData: UInt16 = 5
    }

    enum Bridge {
        static let forwardDelay: UInt16 = 1
        static let stpState: UInt16 = 5
        static let multicastSnooping: UInt16 = 23
    }

    enum BridgePort {
        static let hairpin: UInt16 = 4
        static let isolated: UInt16 = 33
    }

    enum VXLAN {
        static let id: UInt16 = 1
        static let link: UInt16 = 3
        static let local: UInt16 = 4
        static let local6: UInt16 = 17
        static let learning: UInt16 = 7
        static let port: UInt16 = 15
    }

    enum Veth {
        static let peer: UInt16 = 1
    }
}

enum IFF {
    static let up: UInt32 = 0x1
    static let lowerUp: UInt32 = 0x10000
}
