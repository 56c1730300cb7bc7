internal import CEdgeLinux

/// Who may use which device nodes inside a group. All that no rule names is forbidden.
public struct DeviceRule: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case character, block, all
    }

    public struct Access: OptionSet, Sendable, Hashable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        // The values of BPF_DEVCG_ACC_*.
        public static let make = Access(rawValue: 1)
        public static let read = Access(rawValue: 2)
        public static let write = Access(rawValue: 4)
        public static let all: Access = [.make, .read, .write]
    }

    public let kind: Kind
    /// Nil stands for every number.
    public let major: UInt32?
    public let minor: UInt32?
    public let access: Access

    public init(_ kind: Kind, _ major: UInt32?, _ minor: UInt32?, _ access: Access) {
        self.kind = kind
        self.major = major
        self.minor = minor
        self.access = access
    }

    var isUnconditional: Bool { self == DeviceRule(.all, nil, nil, .all) }

    /// What every container gets (runc's defaults): making nodes, and the harmless ones of /dev.
    public static let defaults: [DeviceRule] = [
        DeviceRule(.character, nil, nil, .make),
        DeviceRule(.block, nil, nil, .make),
        DeviceRule(.character, 1, 3, .all),  // null
        DeviceRule(.character, 1, 5, .all),  // zero
        DeviceRule(.character, 1, 7, .all),  // full
        DeviceRule(.character, 1, 8, .all),  // random
        DeviceRule(.character, 1, 9, .all),  // urandom
        DeviceRule(.character, 5, 0, .all),  // tty
        DeviceRule(.character, 5, 2, .all),  // ptmx
        DeviceRule(.character, 136, nil, .all),  // pts/*
        DeviceRule(.character, 5, 1, .all),  // console
    ]

    public static let everything = [DeviceRule(.all, nil, nil, .all)]

    /// A line for the v1 file devices.allow: `c 1:3 rwm`.
    var legacyLine: String {
        let letter =
            switch kind {
            case .character: "c"
            case .block: "b"
            case .all: "a"
            }
        let number = { (value: UInt32?) in value.map(String.init) ?? "*" }
        let letters = [(Access.read, "r"), (.write, "w"), (.make, "m")]
        let allowed = letters.filter { access.contains($0.0) }.map(\.1).joined()
        return "\(letter) \(number(major)):\(number(minor)) \(allowed)"
    }
}

extension Cgroup {
    /// Restricts device access to the rules: through the v1 devices controller where there is one, otherwise by
    /// a program on the v2 group. A host with neither (no cgroup BPF) is an error.
    public func restrictDevices(to rules: [DeviceRule]) throws(SystemError) {
        if let directory = directory(for: "devices") {
            try File.put("a", into: directory + "/devices.deny")
            for rule in rules { try File.put(rule.legacyLine, into: directory + "/devices.allow") }
            return
        }
        guard let unified = unifiedDirectory else {
            throw SystemError("restrict devices of", path, .notSupported)
        }
        let program = try DeviceProgram.cache.program(for: rules)
        let group = try File.open(unified, [.directory])
        try check(
            edge_bpf_attach_device_program(program.rawValue, group.rawValue), "restrict devices of", unified)
    }
}
