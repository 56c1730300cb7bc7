internal import CEdgeLinux
internal import Glibc

/// A program to start.
public struct Command: Sendable {
    public enum Program: Sendable {
        case path(String)
        /// An open file; it has no name for the program to find itself by.
        case descriptor(SharedDescriptor)
    }

    public struct Namespaces: OptionSet, Sendable {
        public let rawValue: UInt64
        public init(rawValue: UInt64) { self.rawValue = rawValue }
        public static let mount = Namespaces(rawValue: UInt64(EDGE_NEW_MOUNT))
        public static let cgroup = Namespaces(rawValue: UInt64(EDGE_NEW_CGROUP))
        public static let uts = Namespaces(rawValue: UInt64(EDGE_NEW_UTS))
        public static let ipc = Namespaces(rawValue: UInt64(EDGE_NEW_IPC))
        public static let pid = Namespaces(rawValue: UInt64(EDGE_NEW_PID))
        public static let network = Namespaces(rawValue: UInt64(EDGE_NEW_NET))
    }

    public var program: Program
    /// Including the program's own name.
    public var arguments: [String]
    /// `NAME=value`. Nothing is inherited.
    public var environment: [String]
    /// descriptors[i] becomes the program's descriptor i; nil stands for /dev/null. Nothing else is inherited.
    public var descriptors: [Int32?] = [nil, nil, nil]
    public var namespaces: Namespaces = []
    /// Where the process is born. v1 groups are entered before exec.
    public var cgroup: Cgroup?
    public var newSession = false

    public init(_ program: Program, arguments: [String], environment: [String] = []) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }

    /// Starts the program. Blocks until exec has happened, or has failed.
    public func start(reactor: Reactor) throws(SystemError) -> ChildProcess {
        var tasks: [SharedDescriptor] = []
        for path in cgroup?.taskFiles ?? [] { tasks.append(SharedDescriptor(try File.open(path, [.write]))) }
        let born = try cgroup?.unifiedDirectory.map { (path) throws(SystemError) in
            SharedDescriptor(try File.open(path, [.directory]))
        }
        var pidfd: Int32 = -1
        let result = spawn(tasks: tasks.map(\.rawValue), cgroup: born?.rawValue ?? -1, pidfd: &pidfd)
        let pid = try check(result, "start", name)
        return try ChildProcess(pid: pid, pidfd: FileDescriptor(owning: pidfd), reactor: reactor)
    }

    private var name: String {
        switch program {
        case .path(let path): path
        case .descriptor: arguments.first ?? ""
        }
    }

    private func spawn(tasks: [Int32], cgroup: Int32, pidfd: inout Int32) -> Int32 {
        let descriptors = descriptors.map { $0 ?? -1 }
        var spawn = edge_spawn()
        spawn.namespaces = namespaces.rawValue
        spawn.cgroup = cgroup
        spawn.new_session = newSession ? 1 : 0
        spawn.descriptor_count = UInt32(descriptors.count)
        spawn.task_file_count = UInt32(tasks.count)
        if case .descriptor(let descriptor) = program { spawn.program = descriptor.rawValue }
        return withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                withPath { path in
                    descriptors.withUnsafeBufferPointer { descriptors in
                        tasks.withUnsafeBufferPointer { tasks in
                            spawn.path = path
                            spawn.arguments = arguments
                            spawn.environment = environment
                            spawn.descriptors = descriptors.baseAddress
                            spawn.task_files = tasks.baseAddress
                            return edge_spawn(&spawn, &pidfd)
                        }
                    }
                }
            }
        }
    }

    private func withPath<Value>(_ body: (UnsafePointer<CChar>?) -> Value) -> Value {
        switch program {
        case .path(let path): path.withCString(body)
        case .descriptor: body(nil)
        }
    }
}

/// Lends a NULL-terminated array of C strings.
private func withCStrings<Value>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Value
) -> Value {
    var pointers = strings.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
}
