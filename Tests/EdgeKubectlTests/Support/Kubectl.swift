import EdgeBase
import EdgeClient
import EdgeJSON
import Synchronization

@testable import EdgeKubectl

/// What one command line printed, and how it ended.
struct KubectlResult: Equatable {
    var output: String
    var errors: String
    var code: Int32
}

/// Runs kubectl against a server in memory.
func kubectl(
    _ line: String..., server: MemoryServer = MemoryServer(), input: String = "",
    variables: [String: String] = [:], editor: (@Sendable (String, String) async throws -> Int32)? = nil,
    streams: (any StreamTransport)? = nil
) async -> KubectlResult {
    let output = CollectedOutput()
    let errors = CollectedOutput()
    var environment = KubectlEnvironment(
        variables: variables, output: output, errors: errors, input: TextInput(input),
        clock: FixedClock(), connect: { _ in server }, clientVersion: "v1.36.0",
        sleep: { _ in
            // Time-outs never come in a test; what waits is cancelled.
            try await Task.sleep(for: .seconds(3600))
        })
    if let editor { environment.runEditor = editor }
    if let streams { environment.openStreams = { _, _ in streams } }
    // One argument is split at blanks, several are taken as they are.
    let arguments = line.count == 1 ? line[0].split(separator: " ").map(String.init) : line
    let code = await kubectlMain(arguments: arguments, environment: environment)
    return KubectlResult(output: output.text, errors: errors.text, code: code)
}

struct FixedClock: WallClock {
    var now: Timestamp { Timestamp(rfc3339: "2026-11-21T12:00:00Z") ?? Timestamp(seconds: 0) }
}

final class CollectedOutput: KubectlOutput {
    private let bytes = Mutex<[UInt8]>([])

    func write(_ more: [UInt8]) { bytes.withLock { $0 += more } }

    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
}

final class TextInput: KubectlInput {
    private let rest: Mutex<[UInt8]?>

    init(_ text: String) { rest = Mutex(text.isEmpty ? nil : Array(text.utf8)) }

    func read() async throws -> [UInt8]? {
        rest.withLock { rest in
            defer { rest = nil }
            return rest
        }
    }
}
