internal import CEdgeLinux
internal import Synchronization

/// The program that a v2 group asks about each device access (kernel: Documentation/bpf, BPF_CGROUP_DEVICE).
/// Its context is three words: access and type, major, minor.
enum DeviceProgram {
    /// One eBPF instruction, as the kernel lays it out.
    struct Instruction: Equatable {
        var code: UInt8
        var registers: UInt8
        var offset: Int16
        var immediate: Int32

        init(
            _ code: UInt8, to destination: UInt8 = 0, from source: UInt8 = 0, offset: Int16 = 0,
            _ immediate: Int32 = 0
        ) {
            self.code = code
            registers = destination | source << 4
            self.offset = offset
            self.immediate = immediate
        }
    }

    // Opcodes: class, size or operation, and source in one byte.
    private static let loadWord: UInt8 = 0x61
    private static let andImmediate: UInt8 = 0x54
    private static let shiftRight: UInt8 = 0x74
    private static let moveImmediate: UInt8 = 0xb7
    private static let moveRegister: UInt8 = 0xbc
    private static let jumpIfNotEqual: UInt8 = 0x55
    private static let exit: UInt8 = 0x95

    /// r2: device type, r3: wanted access, r4: major, r5: minor.
    static func assemble(_ rules: [DeviceRule]) -> [Instruction] {
        var program = [
            Instruction(loadWord, to: 2, from: 1, offset: 0),
            Instruction(andImmediate, to: 2, 0xffff),
            Instruction(loadWord, to: 3, from: 1, offset: 0),
            Instruction(shiftRight, to: 3, 16),
            Instruction(loadWord, to: 4, from: 1, offset: 4),
            Instruction(loadWord, to: 5, from: 1, offset: 8),
        ]
        for rule in rules {
            program += assemble(rule)
            // Nothing is reached behind it, and the kernel refuses instructions that nothing reaches.
            if rule.isUnconditional { return program }
        }
        program += [Instruction(moveImmediate, to: 0, 0), Instruction(exit)]
        return program
    }

    /// Each condition that fails jumps behind the rule.
    private static func assemble(_ rule: DeviceRule) -> [Instruction] {
        var body: [Instruction] = []
        var conditions: [Int] = []
        let unless = { (register: UInt8, value: Int32) in
            conditions.append(body.count)
            body.append(Instruction(jumpIfNotEqual, to: register, value))
        }
        switch rule.kind {
        case .all: break
        case .block: unless(2, 1)
        case .character: unless(2, 2)
        }
        if rule.access != .all {
            body.append(Instruction(moveRegister, to: 1, from: 3))
            body.append(Instruction(andImmediate, to: 1, Int32(~rule.access.rawValue & 7)))
            unless(1, 0)
        }
        if let major = rule.major { unless(4, Int32(bitPattern: major)) }
        if let minor = rule.minor { unless(5, Int32(bitPattern: minor)) }
        body += [Instruction(moveImmediate, to: 0, 1), Instruction(exit)]
        for index in conditions { body[index].offset = Int16(body.count - index - 1) }
        return body
    }

    /// Loaded programs by their rules: pods share them.
    final class Cache: Sendable {
        private let programs = Mutex<[[DeviceRule]: SharedDescriptor]>([:])

        func program(for rules: [DeviceRule]) throws(SystemError) -> SharedDescriptor {
            if let known = programs.withLock({ $0[rules] }) { return known }
            let instructions = DeviceProgram.assemble(rules)
            let result = instructions.withUnsafeBytes { bytes in
                edge_bpf_load_device_program(bytes.baseAddress, UInt32(instructions.count))
            }
            let loaded = SharedDescriptor(FileDescriptor(owning: try check(result, "load", "device program")))
            programs.withLock { programs in
                // Rules come from the specs of pods: the cache must not grow with them.
                if programs.count >= 16 { programs.removeAll() }
                programs[rules] = loaded
            }
            return loaded
        }
    }

    static let cache = Cache()
}
