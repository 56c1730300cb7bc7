import EdgeSystem
import Testing

@testable import EdgeRuntime

@Suite struct AttachTests {
    @Test func joinsTheStreams() async throws {
        try await RuntimeFixture.run { fixture in
            var config = fixture.container(
                "while read line; do echo out $line; echo err $line >&2; done; echo end")
            config.hasInput = true
            config.closesInputAfterAttach = true
            let (_, id) = try await fixture.start(config)
            let session = try await fixture.service.attach(id)
            #expect(!session.hasTerminal)
            try await session.input?.write(Array("one\n".utf8))
            var output = ""
            var errors = ""
            while !output.contains("out one") || !errors.contains("err one"),
                let chunk = try await session.next()
            {
                let text = String(decoding: chunk.bytes, as: UTF8.self)
                if chunk.stream == .output { output += text } else { errors += text }
            }
            #expect(output == "out one\n")
            #expect(errors == "err one\n")
            await session.endInput()
            session.close()
            let (exit, lines) = try await fixture.finish(id)
            #expect(exit.code == 0)
            #expect(Set(lines) == ["stdout F out one", "stderr F err one", "stdout F end"])
        }
    }

    @Test func keepsInputOpenForTheNextOne() async throws {
        try await RuntimeFixture.run { fixture in
            var config = fixture.container("read a; read b; echo $a $b")
            config.hasInput = true
            let (_, id) = try await fixture.start(config)
            for word in ["one", "two"] {
                let session = try await fixture.service.attach(id)
                try await session.input?.write(Array("\(word)\n".utf8))
                session.close()
            }
            #expect(try await fixture.finish(id).lines == ["stdout F one two"])
        }
    }

    @Test func drivesATerminal() async throws {
        try await RuntimeFixture.run { fixture in
            var config = fixture.container("tty > /dev/console; read line; stty size; echo got $line")
            config.hasTerminal = true
            config.hasInput = true
            let (_, id) = try await fixture.start(config)
            let session = try await fixture.service.attach(id)
            #expect(session.hasTerminal)
            try session.resize(columns: 100, rows: 33)
            try await session.input?.write(Array("word\n".utf8))
            var text = ""
            while let chunk = try await session.next() {
                text += String(decoding: chunk.bytes, as: UTF8.self)
            }
            #expect(text.contains("33 100"))
            #expect(text.contains("got word"))
            let (exit, lines) = try await fixture.finish(id)
            #expect(exit.code == 0)
            #expect(lines.contains("stdout F got word\r"))
        }
    }

    @Test func aSlowClientLosesNothing() async throws {
        try await RuntimeFixture.run { fixture in
            var config = fixture.container("read go; seq 1 200000; echo end")
            config.hasInput = true
            let (_, id) = try await fixture.start(config)
            let session = try await fixture.service.attach(id)
            try await session.input?.write(Array("go\n".utf8))
            var bytes: [UInt8] = []
            while let chunk = try await session.next() { bytes += chunk.bytes }
            let expected = (1...200_000).map(String.init).joined(separator: "\n") + "\nend\n"
            #expect(bytes.count == expected.utf8.count)
            #expect(try await fixture.finish(id).lines.count == 200_001)
        }
    }
}
