import EdgeAPI
import EdgeJSON
import Synchronization
import Testing

@testable import EdgeClient

@Suite struct RESTClientTests {
    private func client(
        _ transport: ScriptedTransport, warnings: WarningLog = WarningLog(), sleeps: SleepLog = SleepLog()
    ) -> RESTClient {
        RESTClient(
            transport: transport, headers: [.init("User-Agent", "t")],
            authorization: { [.init("Authorization", "Bearer x")] }, onWarning: { warnings.add($0) },
            sleep: { sleeps.add($0) })
    }

    final class WarningLog: Sendable {
        private let texts = Mutex<[String]>([])
        func add(_ text: String) { texts.withLock { $0.append(text) } }
        var all: [String] { texts.withLock { $0 } }
    }

    final class SleepLog: Sendable {
        private let durations = Mutex<[Duration]>([])
        func add(_ duration: Duration) { durations.withLock { $0.append(duration) } }
        var all: [Duration] { durations.withLock { $0 } }
    }

    @Test func sendsHeadersAndReadsJSON() async throws {
        let transport = ScriptedTransport([.init(200, "{\"a\":1}")])
        let value = try await client(transport).json(RESTRequest("GET", "/x", query: [.init("q", "a b")]))
        #expect(value == ["a": 1])
        let request = try #require(transport.requests.first)
        #expect(request.target == "/x?q=a%20b")
        #expect(request.header("authorization") == "Bearer x")
        #expect(request.header("Accept") == "application/json")
    }

    @Test func failuresAreStatuses() async throws {
        let status = APIStatus.notFound("pods", "web")
        let transport = ScriptedTransport([
            .init(404, "\(status.value)"), .init(404, "<html>"), .init(500, "boom"), .init(401, ""),
        ])
        let client = client(transport)
        await #expect(throws: status) { try await client.json(RESTRequest("GET", "/x")) }
        for (reason, message) in [
            (APIStatus.Reason.notFound, "the server could not find the requested resource"),
            (.internalError, "an error on the server (\"boom\") has prevented the request from succeeding"),
            (.unauthorized, "the server has asked for the client to provide credentials"),
        ] {
            let error = await #expect(throws: APIStatus.self) {
                try await client.json(RESTRequest("GET", "/x"))
            }
            #expect(error?.reason == reason)
            #expect(error?.message == message)
        }
    }

    @Test func comesAgainWhenAskedTo() async throws {
        let busy = ScriptedTransport.Answer(429, "", [.init("Retry-After", "3")])
        let transport = ScriptedTransport([busy, busy, .init(200, "{}")])
        let sleeps = SleepLog()
        _ = try await client(transport, sleeps: sleeps).json(RESTRequest("POST", "/x"))
        #expect(sleeps.all == [.seconds(3), .seconds(3)])
        #expect(transport.requests.count == 3)
    }

    @Test func givesUpAfterTenTries() async throws {
        let busy = ScriptedTransport.Answer(429, "", [.init("Retry-After", "0")])
        let transport = ScriptedTransport(Array(repeating: busy, count: 20))
        let error = await #expect(throws: APIStatus.self) {
            try await client(transport).json(RESTRequest("GET", "/x"))
        }
        #expect(error?.code == 429)
        #expect(transport.requests.count == 11)
    }

    @Test func refusalsWithoutAHintAreFinal() async throws {
        let transport = ScriptedTransport([.init(429, "")])
        await #expect(throws: APIStatus.self) { try await client(transport).json(RESTRequest("GET", "/x")) }
        #expect(transport.requests.count == 1)
    }

    @Test func readsWarnings() async throws {
        let warnings = WarningLog()
        let header = RESTRequest.Field(
            "Warning", "299 - \"a \\\"b\\\"\", 299 edge \"second\" \"Sat, 21 Nov 2026\", 199 - \"other\"")
        _ = try await client(ScriptedTransport([.init(200, "{}", [header])]), warnings: warnings).json(
            RESTRequest("GET", "/"))
        #expect(warnings.all == ["a \"b\"", "second"])
    }

    @Test(arguments: [
        (["a\nb", "c\nd"], ["a", "bc", "d"]), (["\n\n"], ["", ""]), ([], []), (["abc"], ["abc"]),
        (["a\n"], ["a"]), (["a", "b", "c\n", "\nd\n"], ["abc", "", "d"]),
    ])
    func splitsLines(pieces: [String], lines: [String]) async throws {
        let rest = Mutex(pieces[...])
        let body = RESTBody { rest.withLock { $0.popFirst().map { Array($0.utf8) } } }
        var found: [String] = []
        try await body.forEachLine {
            found.append(String(decoding: $0, as: UTF8.self))
            return true
        }
        #expect(found == lines)
    }

    @Test func longLinesAreRefused() async {
        let body = RESTBody(String(repeating: "x", count: 100))
        await #expect(throws: RESTBodyTooLarge.self) { try await body.forEachLine(limit: 10) { _ in true } }
        await #expect(throws: RESTBodyTooLarge.self) { try await RESTBody("12345").collect(limit: 3) }
    }
}
