import EdgeBase
import EdgeSystem
import Synchronization

@testable import EdgeRuntime

/// A runtime of its own for one test: directories below /tmp, groups below `edge-test-<pid>-<n>`, and an image made of
/// two layers around Debian's static busybox.
final class RuntimeFixture: Sendable {
    private static let number = Mutex(0)

    let directory: String
    let configuration: RuntimeConfiguration
    let service: RuntimeService
    private let others = Mutex<[RuntimeService]>([])

    static var currentProcess: Int32 {
        (try? File.readText("/proc/self/stat")).flatMap { Int32($0.prefix { $0 != " " }) } ?? 0
    }

    init(logLimit: UInt64, logFiles: UInt32, layout: CgroupLayout?) async throws {
        let number = Self.number.withLock { number in
            number += 1
            return number
        }
        let name = "edge-test-\(Self.currentProcess)-\(number)"
        directory = "/tmp/" + name
        try Self.makeImage(in: directory)
        let layout = try layout ?? .detect()
        var configuration = RuntimeConfiguration(
            runDirectory: directory + "/run", containerDirectory: directory + "/containers",
            cgroupRoot: Cgroup(layout: layout, path: name))
        configuration.logLimit = logLimit
        configuration.logFiles = logFiles
        self.configuration = configuration
        service = try RuntimeService(configuration, reactor: try Reactor())
        try await service.start()
    }

    /// A second edge on the same run directory.
    func anotherService() async throws -> RuntimeService {
        let other = try RuntimeService(configuration, reactor: try Reactor())
        try await other.start()
        others.withLock { $0.append(other) }
        return other
    }

    /// Removes everything; call it at the end of every test, failed or not.
    func tearDown() async {
        for service in others.withLock({ $0 }) + [service] {
            for sandbox in service.listPodSandboxes() { try? await service.removePodSandbox(sandbox.id) }
            service.disconnect()
        }
        try? configuration.cgroupRoot.kill()
        try? configuration.cgroupRoot.remove()
        try? Directory.removeTree(directory)
    }

    /// Runs a test body and cleans up behind it.
    static func run(
        logLimit: UInt64 = 10 << 20, logFiles: UInt32 = 5, layout: CgroupLayout? = nil,
        _ body: (RuntimeFixture) async throws -> Void
    ) async throws {
        let fixture = try await RuntimeFixture(logLimit: logLimit, logFiles: logFiles, layout: layout)
        do {
            try await body(fixture)
        } catch {
            await fixture.tearDown()
            throw error
        }
        await fixture.tearDown()
    }
}

extension RuntimeFixture {
    private static let commands = [
        "cat", "chroot", "echo", "false", "grep", "head", "hostname", "id", "ls", "mkdir", "mknod", "mount",
        "nc", "ps",
        "readlink", "seq", "sh", "sleep", "stat", "stty", "touch", "tr", "true", "tty", "unshare", "wc",
        "yes",
    ]

    var layers: [String] { [directory + "/image/base", directory + "/image/top"] }

    private static func makeImage(in directory: String) throws {
        let base = directory + "/image/base"
        for path in ["bin", "etc", "proc", "sys", "dev", "tmp"] { try Directory.make("\(base)/\(path)") }
        try File.write(try File.read("/bin/busybox"), to: base + "/bin/busybox", mode: 0o755)
        for name in commands { try SymbolicLink.make("\(base)/bin/\(name)", contents: "busybox") }
        try File.write(Array("root:x:0:0:root:/root:/bin/sh\n".utf8), to: base + "/etc/passwd")
        let top = directory + "/image/top"
        try Directory.make(top + "/etc")
        try File.write(
            Array("root:x:0:0:root:/root:/bin/sh\nweb:x:1001:1002:web:/srv:/bin/sh\n".utf8),
            to: top + "/etc/passwd")
        try File.write(
            Array("root:x:0:\nweb:x:1002:\nextra:x:2001:web,other\n".utf8), to: top + "/etc/group")
    }

    func podConfig(_ name: String = "pod") -> PodSandboxConfig {
        PodSandboxConfig(
            name: name, namespace: "default", uid: "uid-\(name)", logDirectory: "\(directory)/logs/\(name)",
            cgroup: "kubepods/pod\(name)")
    }

    func container(_ script: String) -> ContainerConfig {
        command(["/bin/busybox", "sh", "-c", script])
    }

    func command(_ arguments: [String]) -> ContainerConfig {
        var config = ContainerConfig(name: "main", root: .layers(layers), arguments: arguments)
        config.logPath = "main/0.log"
        config.environment = ["PATH=/bin"]
        return config
    }

    /// Creates and starts a container in a new or given sandbox.
    @discardableResult
    func start(_ config: ContainerConfig, in sandbox: String? = nil, _ pod: PodSandboxConfig? = nil)
        async throws
        -> (sandbox: String, container: String)
    {
        let sandboxID: String
        if let sandbox {
            sandboxID = sandbox
        } else {
            sandboxID = try await service.runPodSandbox(pod ?? podConfig()).id
        }
        let id = try await service.createContainer(config, in: sandboxID)
        try await service.startContainer(id)
        return (sandboxID, id)
    }

    /// Runs a script to its end: how it ended, and its log.
    func outcome(of config: ContainerConfig, _ pod: PodSandboxConfig? = nil) async throws
        -> (exit: ContainerExit, lines: [String])
    {
        let (_, id) = try await start(config, in: nil, pod)
        return try await finish(id)
    }

    func finish(_ id: String) async throws -> (exit: ContainerExit, lines: [String]) {
        await service.waitForExit(id)
        let container = try service.container(id)
        guard case .exited(let exit) = container.state else {
            throw RuntimeError(.internalError, "not exited")
        }
        return (exit, try lines(container.logPath))
    }

    /// The lines of a log without their time: `stdout F hello`.
    func lines(_ path: String) throws -> [String] {
        // By bytes: to Swift a carriage return and a newline are one character.
        try File.read(path).split(separator: UInt8(ascii: "\n")).map { line in
            String(decoding: line.drop { $0 != UInt8(ascii: " ") }.dropFirst(), as: UTF8.self)
        }
    }
}

extension RuntimeFixture {
    /// Follows the log until a line is there.
    func waitForLine(_ line: String, of id: String) async throws {
        var options = LogOptions()
        options.follow = true
        let reader = try service.logs(ofContainer: id, options)
        let wanted = String(line.dropFirst("stdout F ".count))
        var text = ""
        while !text.split(separator: "\n").contains(where: { $0 == wanted }) {
            guard let next = try await reader.next() else {
                throw RuntimeError(.internalError, "the log ended without \(line): \(text)")
            }
            text += String(decoding: next, as: UTF8.self)
        }
    }
}
