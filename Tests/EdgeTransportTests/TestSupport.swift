internal import EdgeBase
internal import EdgeTransport
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A clock that stands still.
struct FixedClock: WallClock {
    var now: Timestamp
}

/// A directory that goes away with the test.
final class TemporaryDirectory: Sendable {
    let path = "/tmp/edge-transport-\(SecureRandom.hex(bytes: 8))"

    init() throws { try SmallFile.makeDirectory(path, mode: 0o700) }

    deinit { _ = run("rm", "-rf", path) }
}

struct CommandResult: Sendable {
    let status: Int32
    let output: String
}

/// Runs a program with its output in a file, and waits.
@discardableResult
func run(_ arguments: String..., input: String = "/dev/null", environment: [String: String] = [:])
    -> CommandResult
{
    run(arguments, input: input, environment: environment)
}

@discardableResult
func run(_ arguments: [String], input: String = "/dev/null", environment: [String: String] = [:])
    -> CommandResult
{
    let output = "/tmp/edge-transport-output-\(SecureRandom.hex(bytes: 8))"
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var argv = arguments.map { strdup($0) } + [nil]
    defer { argv.forEach { free($0) } }
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    var variables = ["PATH": path, "HOME": "/root"]
    variables.merge(environment) { $1 }
    var envp = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { envp.forEach { free($0) } }
    var pid = pid_t()
    guard posix_spawnp(&pid, arguments[0], &actions, nil, &argv, &envp) == 0 else {
        return CommandResult(status: -1, output: "cannot start \(arguments[0])")
    }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let text = (try? SmallFile.readText(output)) ?? ""
    unlink(output)
    return CommandResult(status: status & 0x7f == 0 ? status >> 8 & 0xff : -1, output: text)
}

/// `run` off the cooperative pool, which a waiting program would block.
func runOffPool(
    _ arguments: [String], input: String = "/dev/null", environment: [String: String] = [:]
) async -> CommandResult {
    let result = try? await NIOThreadPool.singleton.runIfActive {
        run(arguments, input: input, environment: environment)
    }
    return result ?? CommandResult(status: -1, output: "no thread")
}

/// The bytes of annotated hexadecimal text: everything behind `;` in a line is a comment.
func hex(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for line in text.split(separator: "\n") {
        let digits = line.prefix { $0 != ";" }.filter { !$0.isWhitespace }
        var rest = digits[...]
        while let byte = UInt8(rest.prefix(2), radix: 16) {
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
    }
    return bytes
}

/// Collects texts from several tasks.
final class Collected: Sendable {
    private let texts = Mutex<[String]>([])

    var all: [String] { texts.withLock { $0 } }

    func add(_ text: String) { texts.withLock { $0.append(text) } }
}
