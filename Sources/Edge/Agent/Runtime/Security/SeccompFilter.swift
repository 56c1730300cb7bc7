internal import CSeccomp
internal import EdgeSystem
internal import Synchronization

/// Builds the default filter's program (classic BPF, as the kernel takes it) with libseccomp. Programs differ
/// only by capabilities and are kept.
final class SeccompFilter: Sendable {
    private let programs = Mutex<[CapabilitySet: [UInt8]]>([:])

    /// The program for a container with these capabilities in its bounding set.
    func program(for capabilities: CapabilitySet) throws(RuntimeError) -> [UInt8] {
        let relevant = SeccompPolicy.withCapability.reduce(into: CapabilitySet()) { set, rule in
            if let capability = CapabilitySet(name: rule.capability), capabilities.contains(capability) {
                set.insert(capability)
            }
        }
        if let known = programs.withLock({ $0[relevant] }) { return known }
        let built = try Self.build(relevant)
        programs.withLock { programs in
            if programs.count >= 16 { programs.removeAll() }
            programs[relevant] = built
        }
        return built
    }

    private static func build(_ capabilities: CapabilitySet) throws(RuntimeError) -> [UInt8] {
        guard let context = seccomp_init(edge_seccomp_errno(UInt16(EPERM))) else {
            throw RuntimeError(.internalError, "build seccomp filter: out of memory")
        }
        defer { seccomp_release(context) }
        for name in ["x86_64": ["x86", "x32"], "aarch64": ["arm"]][nativeName] ?? [] {
            try check(seccomp_arch_add(context, seccomp_arch_resolve_name(name)), "add architecture \(name)")
        }
        // A binary tree: ten comparisons instead of some hundred.
        try check(seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2), "choose a tree")
        try addRules(context, capabilities)
        let exported = try export(context)
        return newerCallsGuard() + exported
    }

    private static var nativeName: String {
        #if arch(x86_64)
        "x86_64"
        #else
        "aarch64"
        #endif
    }

    private static func addRules(_ context: scmp_filter_ctx, _ capabilities: CapabilitySet)
        throws(RuntimeError)
    {
        var calls = Set(SeccompPolicy.always)
        for rule in SeccompPolicy.withCapability {
            guard let capability = CapabilitySet(name: rule.capability), capabilities.contains(capability)
            else { continue }
            calls.formUnion(rule.calls)
        }
        for call in calls.sorted() { try allow(call, [], context) }
        for value in SeccompPolicy.personalities {
            try allow("personality", [edge_seccomp_compare(0, SCMP_CMP_EQ, value, 0)], context)
        }
        try allow("socket", [edge_seccomp_compare(0, SCMP_CMP_NE, SeccompPolicy.vsock, 0)], context)
        if !calls.contains("clone") {
            let noNamespaces = edge_seccomp_compare(0, SCMP_CMP_MASKED_EQ, SeccompPolicy.namespaceFlags, 0)
            try allow("clone", [noNamespaces], context)
            // The filter cannot see clone3's flags: ENOSYS makes the C library use clone.
            try add("clone3", edge_seccomp_errno(UInt16(ENOSYS)), [], context)
        }
    }

    private static func allow(_ call: String, _ conditions: [scmp_arg_cmp], _ context: scmp_filter_ctx)
        throws(RuntimeError)
    {
        try add(call, edge_seccomp_allow(), conditions, context)
    }

    private static func add(
        _ call: String, _ action: UInt32, _ conditions: [scmp_arg_cmp], _ context: scmp_filter_ctx
    ) throws(RuntimeError) {
        let number = seccomp_syscall_resolve_name(call)
        guard number != -1 else { return }  // newer than this libseccomp
        let result = seccomp_rule_add_array(context, action, number, UInt32(conditions.count), conditions)
        // A call that one of the architectures lacks.
        if result == -EDOM { return }
        try check(result, "add rule for \(call)")
    }

    private static func export(_ context: scmp_filter_ctx) throws(RuntimeError) -> [UInt8] {
        do throws(SystemError) {
            let file = try MemoryFile(name: "seccomp")
            let result = seccomp_export_bpf(context, file.rawValue)
            guard result == 0 else {
                throw SystemError("export", "seccomp filter", Errno(rawValue: -result))
            }
            return try file.contents()
        } catch {
            throw RuntimeError(.internalError, "build seccomp filter: \(error)")
        }
    }

    private static func check(_ result: Int32, _ what: String) throws(RuntimeError) {
        guard result < 0 else { return }
        throw RuntimeError(.internalError, "build seccomp filter: \(what): \(Errno(rawValue: -result))")
    }

    /// Instructions in front of libseccomp's: a call of the native architecture that is newer than its tables
    /// gets ENOSYS, where the filter's EPERM would make programs give up.
    private static func newerCallsGuard() -> [UInt8] {
        let architecture = seccomp_arch_native()
        guard let newest = newestCall(architecture) else { return [] }
        let x32Bit: UInt32 = 0x4000_0000
        let instructions: [(code: UInt16, yes: UInt8, no: UInt8, value: UInt32)] = [
            (0x20, 0, 0, 4),  // load the architecture
            (0x15, 0, 4, architecture),  // another one: past the guard
            (0x20, 0, 0, 0),  // load the number
            (0x35, 2, 0, x32Bit),  // x32 numbers: past the guard
            (0x25, 0, 1, newest),
            (0x06, 0, 0, edge_seccomp_errno(UInt16(ENOSYS))),
        ]
        return instructions.flatMap { instruction in
            withUnsafeBytes(of: instruction.code, Array.init) + [instruction.yes, instruction.no]
                + withUnsafeBytes(of: instruction.value, Array.init)
        }
    }

    private static func newestCall(_ architecture: UInt32) -> UInt32? {
        (UInt32(0)..<1024).last { number in
            guard let name = seccomp_syscall_resolve_num_arch(architecture, Int32(number)) else {
                return false
            }
            free(name)
            return true
        }
    }
}
