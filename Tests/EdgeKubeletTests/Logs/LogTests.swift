import EdgeBase
import EdgeSystem
import Glibc
import Synchronization
import Testing

@testable import EdgeKubelet

struct LogTests {
    private let directory = TestDirectory()

    private func line(_ second: Int, _ text: String, _ stream: String = "stdout", _ tag: String = "F")
        -> String
    {
        "\(time(second).rfc3339Nano) \(stream) \(tag) \(text)\n"
    }

    private func write(_ text: String) throws -> String {
        let path = directory.path + "/0.log"
        try File.write(Array(text.utf8), to: path)
        return path
    }

    private func read(_ path: String, _ change: (inout LogOptions) -> Void = { _ in }) async throws -> String
    {
        var options = LogOptions()
        change(&options)
        let output = Mutex<[UInt8]>([])
        try await LogReader(path: path, options: options, pool: .shared).run { bytes in
            output.withLock { $0 += bytes }
        }
        return output.withLock { String(decoding: $0, as: UTF8.self) }
    }

    @Test func parsesLines() {
        let bytes = Array("2026-01-01T00:00:01.5Z stderr P half ".utf8)
        let line = LogLine(bytes[...])
        #expect(line?.stream == .stderr)
        #expect(line?.isPartial == true)
        #expect(line.map { String(decoding: $0.text, as: UTF8.self) } == "half ")
        #expect(LogLine(Array("garbage".utf8)[...]) == nil)
        #expect(LogLine(Array("2026-01-01T00:00:01Z stdin F x".utf8)[...]) == nil)
    }

    @Test func options() async throws {
        let text =
            line(1, "one") + line(2, "two", "stderr") + line(3, "th", "stdout", "P") + line(3, "ree")
            + line(4, "four")
        let path = try write(text)
        #expect(try await read(path) == "one\ntwo\nthree\nfour\n")
        #expect(try await read(path) { $0.tailLines = 1 } == "four\n")
        #expect(try await read(path) { $0.tailLines = 3 } == "three\nfour\n")
        #expect(try await read(path) { $0.tailLines = 0 } == "")
        #expect(try await read(path) { $0.tailLines = 99 } == "one\ntwo\nthree\nfour\n")
        #expect(try await read(path) { $0.since = time(3) } == "three\nfour\n")
        #expect(try await read(path) { $0.limitBytes = 5 } == "one\nt")
        #expect(try await read(path) { $0.stream = .stderr } == "two\n")
        let stamped = try await read(path) {
            $0.timestamps = true; $0.tailLines = 3
        }
        #expect(stamped == "\(time(3).rfc3339Nano) three\n\(time(4).rfc3339Nano) four\n")
    }

    @Test func aMissingLog() async {
        await #expect(throws: SystemError.self) { try await read(directory.path + "/none.log") }
    }

    @Test func tailOfALongFile() async throws {
        let text = (0..<5000).map { line($0, "line \($0)") }.joined()
        let path = try write(text)
        #expect(try await read(path) { $0.tailLines = 2 } == "line 4998\nline 4999\n")
        let many = try await read(path) { $0.tailLines = 4000 }
        #expect(many.hasPrefix("line 1000\n"))
    }

    @Test func lastWords() throws {
        let path = try write((0..<100).map { line($0, "l\($0)") }.joined())
        let words = LogTail.lastWords(path)
        #expect(words.hasPrefix("l20\n"))
        #expect(words.hasSuffix("l99\n"))
    }

    @Test func followsAcrossRotationUntilTheContainerEnds() async throws {
        let path = try write(line(1, "one"))
        let isRunning = Mutex(true)
        var options = LogOptions()
        options.follow = true
        let output = Mutex("")
        let (signals, signal) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(16))
        let reader = LogReader(
            path: path, options: options, pool: .shared, reactor: try Reactor(),
            isRunning: { isRunning.withLock { $0 } })
        let task = Task {
            try await reader.run { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                output.withLock { $0 += text }
                signal.yield(1)
            }
        }
        var arrived = signals.makeAsyncIterator()
        _ = await arrived.next()
        let more = line(2, "two")
        try append(more, to: path)
        _ = await arrived.next()
        try PathOperations.move(path, to: path + ".1")
        isRunning.withLock { $0 = false }
        try File.write(Array(line(3, "three").utf8), to: path)
        try await task.value
        #expect(output.withLock { $0 } == "one\ntwo\nthree\n")
    }

    private func append(_ text: String, to path: String) throws {
        let file = try #require(fopen(path, "a"))
        fputs(text, file)
        fclose(file)
    }
}
