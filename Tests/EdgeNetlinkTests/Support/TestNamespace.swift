public import EdgeNetlink
internal import Glibc

/// A network namespace of a test's own, with a loopback that is up; it vanishes with this value.
public final class TestNamespace: Sendable {
    public let namespace: NetworkNamespace

    public init() throws {
        namespace = try NetworkNamespace.create()
        // IPv6 would go on changing addresses and routes for seconds.
        try shell(
            """
            for i in all default; do echo 1 > /proc/sys/net/ipv6/conf/$i/disable_ipv6; done
            ip link set lo up
            """)
    }

    /// Runs a shell command within the namespace and returns what it wrote; fails when the command fails.
    @discardableResult
    public func shell(_ command: String) throws -> String {
        let (status, output) = try attempt(command)
        guard status == 0 else { throw ToolFailure(command: command, status: status, output: output) }
        return output
    }

    /// Runs a shell command within the namespace and returns its exit status and its output.
    public func attempt(_ command: String) throws -> (status: Int32, output: String) {
        let path = "/proc/\(getpid())/fd/\(namespace.descriptor)"
        return try Tool.run(["nsenter", "--net=\(path)", "sh", "-c", command])
    }

    /// Runs a command in the background until the returned process is stopped or released.
    public func background(_ command: String) throws -> BackgroundTool {
        let path = "/proc/\(getpid())/fd/\(namespace.descriptor)"
        return try BackgroundTool(["nsenter", "--net=\(path)", "sh", "-c", "exec \(command)"])
    }

    /// Joins this namespace with another one by a veth pair, each end with its address.
    public func connect(
        _ name: String, _ cidr: String, to other: TestNamespace, _ otherName: String, _ otherCIDR: String
    ) throws {
        let route = try RouteClient(in: namespace)
        try route.createVeth(named: name, peerName: otherName, peerNamespace: other.namespace)
        try shell("ip addr add \(cidr) dev \(name); ip link set \(name) up")
        try other.shell("ip addr add \(otherCIDR) dev \(otherName); ip link set \(otherName) up")
    }
}

/// A command that ended with another status than 0.
public struct ToolFailure: Error, CustomStringConvertible {
    public let command: String
    public let status: Int32
    public let output: String

    public init(command: String, status: Int32, output: String) {
        self.command = command
        self.status = status
        self.output = output
    }

    public var description: String { "\(command) ended with \(status): \(output)" }
}

/// A process that runs beside the test.
public final class BackgroundTool: Sendable {
    private let pid: pid_t

    fileprivate init(_ arguments: [String]) throws {
        pid = try Tool.spawn(arguments, output: nil)
    }

    deinit {
        kill(pid, SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
    }
}

enum Tool {
    static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw ToolFailure(command: "pipe", status: errno, output: "") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let pid: pid_t
        do {
            pid = try spawn(arguments, output: ends[1])
        } catch {
            close(ends[0])
            close(ends[1])
            throw error
        }
        close(ends[1])
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(ends[0], &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        close(ends[0])
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let code = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
        return (code, String(decoding: bytes, as: UTF8.self))
    }

    static func spawn(_ arguments: [String], output: Int32?) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output, 1)
            posix_spawn_file_actions_adddup2(&actions, output, 2)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        }
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, arguments[0], &actions, nil, &pointers, environ)
        guard code == 0 else { throw ToolFailure(command: arguments[0], status: code, output: "") }
        return pid
    }
}
