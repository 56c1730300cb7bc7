// What Swift's Glibc module lacks of linux/netfilter/nf_tables.h.

/// `NFT_MSG_*` with the subsystem in the high byte.
enum NFTMessage {
    static let newTable: UInt16 = NFNL.subsystemNFTables
    static let getTable: UInt16 = NFNL.subsystemNFTables | 1
    static let delTable: UInt16 = NFNL.subsystemNFTables | 2
    static let newChain: UInt16 = NFNL.subsystemNFTables | 3
    static let getChain: UInt16 = NFNL.subsystemNFTables | 4
    static let delChain: UInt16 = NFNL.subsystemNFTables | 5
    static let newRule: UInt16 = NFNL.subsystemNFTables | 6
    static let getRule: UInt16 = NFNL.subsystemNFTables | 7
    static let delRule: UInt16 = NFNL.subsystemNFTables | 8
    static let newSet: UInt16 = NFNL.subsystemNFTables | 9
    static let getSet: UInt16 = NFNL.subsystemNFTables | 10
    static let delSet: UInt16 = NFNL.subsystemNFTables | 11
    static let newElement: UInt16 = NFNL.subsystemNFTables | 12
    static let getElement: UInt16 = NFNL.subsystemNFTables | 13
    static let delElement: UInt16 = NFNL.subsystemNFTables | 14
    static let newGeneration: UInt16 = NFNL.subsystemNFTables | 15
    static let getGeneration: UInt16 = NFNL.subsystemNFTables | 16
}

/// `NFTA_*`: the attributes, by what they belong to.
enum NFTA {
    static let listElement: UInt16 = 1

    enum Table {
        static let name: UInt16 = 1
        static let handle: UInt16 = 4
    }
    enum Chain {
        static let table: UInt16 = 1
        static let handle: UInt16 = 2
        static let name: UInt16 = 3
        static let hook: UInt16 = 4
        static let policy: UInt16 = 5
        static let type: UInt16 = 7
    }
    enum Hook {
        static let number: UInt16 = 1
        static let priority: UInt16 = 2
    }
    enum Rule {
        static let table: UInt16 = 1
        static let chain: UInt16 = 2
        static let handle: UInt16 = 3
        static let expressions: UInt16 = 4
        static let userData: UInt16 = 7
    }
    enum Set {
        static let table: UInt16 = 1
        static let name: UInt16 = 2
        static let flags: UInt16 = 3
        static let keyType: UInt16 = 4
        static let keyLength: UInt16 = 5
        static let dataType: UInt16 = 6
        static let dataLength: UInt16 = 7
        static let description: UInt16 = 9
        static let id: UInt16 = 10
        static let timeout: UInt16 = 11
        static let userData: UInt16 = 13
    }
    enum SetDescription {
        static let size: UInt16 = 1
        static let concatenation: UInt16 = 2
        static let fieldLength: UInt16 = 1
    }
    enum Element {
        static let key: UInt16 = 1
        static let data: UInt16 = 2
        static let flags: UInt16 = 3
        static let timeout: UInt16 = 4
        static let expiration: UInt16 = 5
        static let keyEnd: UInt16 = 10
    }
    enum ElementList {
        static let table: UInt16 = 1
        static let set: UInt16 = 2
        static let elements: UInt16 = 3
        static let setID: UInt16 = 4
    }
    enum Data {
        static let value: UInt16 = 1
        static let verdict: UInt16 = 2
    }
    enum Verdict {
        static let code: UInt16 = 1
        static let chain: UInt16 = 2
    }
    enum Expression {
        static let name: UInt16 = 1
        static let data: UInt16 = 2
    }
    enum Generation {
        static let id: UInt16 = 1
    }
}

/// `NFT_SET_*`
enum NFTSetFlag {
    static let anonymous: UInt32 = 0x1
    static let constant: UInt32 = 0x2
    static let interval: UInt32 = 0x4
    static let map: UInt32 = 0x8
    static let timeout: UInt32 = 0x10
    static let dynamic: UInt32 = 0x20
    static let concatenation: UInt32 = 0x80
}

enum NFTElementFlag {
    static let intervalEnd: UInt32 = 0x1
}

/// `NFT_DATA_VERDICT`: the data type of a verdict map.
enum NFTData {
    static let verdict: UInt32 = 0xffff_ff00
}

/// TLVs in the user data of sets and rules: not known to the kernel, shown by the `nft` tool.
enum NFTUserData {
    static let ruleComment: UInt8 = 0
    static let setKeyByteOrder: UInt8 = 0
    static let setDataByteOrder: UInt8 = 1
    static let hostEndian: UInt32 = 1
}
