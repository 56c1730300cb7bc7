import EdgeSystem
import Testing

@testable import EdgeRuntime

@Suite struct LogTests {
    @Test func cutsLongLinesIntoParts() async throws {
        try await RuntimeFixture.run { fixture in
            let script = "head -c 40000 /dev/zero | tr '\\0' x; echo; echo short; printf unfinished"
            let (_, lines) = try await fixture.outcome(of: fixture.container(script))
            let x = { (count: Int) in String(repeating: "x", count: count) }
            #expect(
                lines == [
                    "stdout P " + x(16384), "stdout P " + x(16384), "stdout F " + x(40000 - 32768),
                    "stdout F short",
                    "stdout P unfinished",
                ])
        }
    }

    @Test func linesOfExactlyTheLimitAreWhole() async throws {
        try await RuntimeFixture.run { fixture in
            let script =
                "head -c 16384 /dev/zero | tr '\\0' x; echo; head -c 16385 /dev/zero | tr '\\0' y; echo"
            let (_, lines) = try await fixture.outcome(of: fixture.container(script))
            #expect(lines.map(\.utf8.count) == [9 + 16384, 9 + 16384, 10])
            #expect(lines[0].hasPrefix("stdout F x"))
            #expect(lines[1].hasPrefix("stdout P y"))
            #expect(lines[2] == "stdout F y")
        }
    }

    @Test func joinsALineWrittenInPieces() async throws {
        try await RuntimeFixture.run { fixture in
            let script = "printf one; sleep 0.05; printf two; sleep 0.05; echo three"
            let (_, lines) = try await fixture.outcome(of: fixture.container(script))
            #expect(lines == ["stdout F onetwothree"])
        }
    }

    @Test func rotatesAndFollowsWithoutLoss() async throws {
        try await RuntimeFixture.run(logLimit: 100_000, logFiles: 3) { fixture in
            // A batch at a time, so that the reader is never further behind than the files that are kept.
            var config = fixture.container(
                "i=0; while read go; do seq $((i + 1)) $((i + 2000)); i=$((i + 2000)); done")
            config.hasInput = true
            config.closesInputAfterAttach = true
            let (_, id) = try await fixture.start(config)
            var options = LogOptions()
            options.follow = true
            let reader = try fixture.service.logs(ofContainer: id, options)
            let session = try await fixture.service.attach(id)
            // Whoever attaches and does not read holds the container up.
            let drain = Task { while try await session.next() != nil {} }
            var text: [UInt8] = []
            for batch in 1...10 {
                try await session.input?.write(Array("go\n".utf8))
                let last = Array("\n\(batch * 2000)\n".utf8)
                while text.suffix(last.count) != last[...], let piece = try await reader.next() {
                    text += piece
                }
            }
            await session.endInput()
            session.close()
            _ = await drain.result
            while let piece = try await reader.next() { text += piece }
            let log = try fixture.service.container(id).logPath
            let directory = String(log.dropLast("/0.log".count))
            let names = try Directory.names(directory).sorted()
            #expect(names == ["0.log", "0.log.1", "0.log.2"])
            for name in names {
                #expect(try FileStatus(of: "\(directory)/\(name)").size <= 102_000)
            }
            let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { Int($0) }
            #expect(lines.count == 20000)
            #expect(lines.last == 20000)
            #expect(zip(lines, 1...).allSatisfy { $0 == $1 })
        }
    }

    @Test func tailsAcrossFiles() async throws {
        try await RuntimeFixture.run(logLimit: 20_000, logFiles: 4) { fixture in
            let (_, id) = try await fixture.start(fixture.container("seq 1 1000"))
            await fixture.service.waitForExit(id)
            var options = LogOptions()
            options.tailLines = 700
            let reader = try fixture.service.logs(ofContainer: id, options)
            var text: [UInt8] = []
            while let chunk = try await reader.next() { text += chunk }
            let numbers = String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { Int($0) }
            #expect(numbers.first == 301)
            #expect(numbers.count == 700)
        }
    }

    @Test func opensTheLogAgain() async throws {
        try await RuntimeFixture.run { fixture in
            var config = fixture.container("echo before; read go; echo after")
            config.hasInput = true
            let (_, id) = try await fixture.start(config)
            try await fixture.waitForLine("stdout F before", of: id)
            let path = try fixture.service.container(id).logPath
            try File.rename(path, to: path + ".moved")
            try await fixture.service.reopenLog(id)
            let session = try await fixture.service.attach(id)
            try await session.input?.write(Array("go\n".utf8))
            #expect(try await fixture.finish(id).lines == ["stdout F after"])
            #expect(try fixture.lines(path + ".moved") == ["stdout F before"])
        }
    }
}
