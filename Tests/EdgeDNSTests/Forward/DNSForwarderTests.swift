import EdgeBase
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import EdgeDNS

@Suite(.timeLimit(.minutes(1))) struct DNSForwarderTests {
    private let clock = TestClock()
    private let counters = DNSCounters()
    private let loop = MultiThreadedEventLoopGroup.singleton.any()

    private func forwarder(
        _ ports: [Int], timeout: TimeAmount = .milliseconds(200),
        limits: DNSConfiguration.Limits = DNSConfiguration.Limits()
    ) async throws -> DNSForwarder {
        let servers = UpstreamServers(
            .servers(ports.map { DNSConfiguration.Server(.v4(.loopback), port: $0) }), excluding: [],
            logger: Logger(label: "test"), now: { [clock] in clock.now })
        await servers.load()
        return DNSForwarder(
            servers: servers, limits: limits, timeout: timeout, group: loop, counters: counters,
            now: { [clock] in clock.now })
    }

    /// `A 192.0.2.1 60`, the code of a failure, or `failed`.
    private func ask(_ forwarder: DNSForwarder, _ name: String, _ type: RecordType = .a) async throws
        -> String
    {
        let question = UpstreamQuestion(name: try wire(name), type: type)
        let result: DNSForwarder.Result
        switch forwarder.resolve(question, on: loop) {
        case .now(let immediate): result = immediate
        case .later(let future): result = try await future.get()
        }
        guard case .answer(let answer, let age, let isStale) = result else { return "failed" }
        let reply = try Reply(
            answer.reply(
                to: try parsed(query(name, type)), limit: 65535, age: age, ttl: isStale ? 30 : nil))
        guard let record = reply.answers.first else { return "code \(reply.header.code.rawValue)" }
        return "\(Reply.text(record)) \(record.ttl)"
    }

    @Test func asksOnceAndRemembers() async throws {
        let upstream = try await FakeUpstream.start { query, _ in [query.addressReply(1)] }
        let forwarder = try await forwarder([upstream.port])
        #expect(try await ask(forwarder, "www.example.com") == "A 192.0.2.1 60")
        clock.advance(.seconds(20))
        #expect(try await ask(forwarder, "www.example.com") == "A 192.0.2.1 40")
        #expect(upstream.queries.count == 1)
        clock.advance(.seconds(40))
        #expect(try await ask(forwarder, "www.example.com") == "A 192.0.2.1 60")
        #expect(upstream.queries.count == 2)
        await upstream.stop()
    }

    @Test func remembersDenials() async throws {
        let upstream = try await FakeUpstream.start { query, _ in [query.denial(minimum: 15)] }
        let forwarder = try await forwarder([upstream.port])
        #expect(try await ask(forwarder, "no.example.com") == "code 3")
        clock.advance(.seconds(14))
        #expect(try await ask(forwarder, "no.example.com") == "code 3")
        #expect(upstream.queries.count == 1)
        clock.advance(.seconds(1))
        #expect(try await ask(forwarder, "no.example.com") == "code 3")
        #expect(upstream.queries.count == 2)
        await upstream.stop()
    }

    @Test func goesOnOverTCP() async throws {
        let upstream = try await FakeUpstream.start { query, isStream in
            isStream ? [query.addressReply(2)] : [query.truncatedReply]
        }
        let forwarder = try await forwarder([upstream.port])
        #expect(try await ask(forwarder, "big.example.com") == "A 192.0.2.2 60")
        #expect(upstream.queries == ["udp big.example.com.", "tcp big.example.com."])
        await upstream.stop()
    }

    @Test func asksTheNextServer() async throws {
        let silent = try await FakeUpstream.start { _, _ in [] }
        let failing = try await FakeUpstream.start { query, _ in [query.errorReply(.serverFailure)] }
        let good = try await FakeUpstream.start { query, _ in [query.addressReply(3)] }
        let forwarder = try await forwarder([silent.port, failing.port, good.port])
        #expect(try await ask(forwarder, "a.example.com") == "A 192.0.2.3 60")
        // The one that answered is asked first from now on.
        #expect(try await ask(forwarder, "b.example.com") == "A 192.0.2.3 60")
        #expect(silent.queries.count == 1)
        #expect(failing.queries.count == 1)
        for upstream in [silent, failing, good] { await upstream.stop() }
    }

    @Test func doesWithoutEDNS() async throws {
        let upstream = try await FakeUpstream.start { query, _ in
            [query.edns == nil ? query.addressReply(4) : query.errorReply(.formatError)]
        }
        let forwarder = try await forwarder([upstream.port])
        #expect(try await ask(forwarder, "old.example.com") == "A 192.0.2.4 60")
        await upstream.stop()
    }

    @Test func passesOverForgeries() async throws {
        let upstream = try await FakeUpstream.start { query, _ in
            var wrongID = query.addressReply(66)
            wrongID[1] ^= 1
            var wrongName = query.addressReply(67)
            wrongName[13] ^= 3
            return [wrongID, wrongName, [1, 2, 3], query.addressReply(5)]
        }
        let forwarder = try await forwarder([upstream.port])
        #expect(try await ask(forwarder, "real.example.com") == "A 192.0.2.5 60")
        await upstream.stop()
    }

    @Test func reportsFailure() async throws {
        let failing = try await FakeUpstream.start { query, _ in [query.errorReply(.serverFailure)] }
        let forwarder = try await forwarder([failing.port])
        #expect(try await ask(forwarder, "x.example.com") == "code 2")
        await failing.stop()
        #expect(try await ask(forwarder, "y.example.com") == "failed")
        #expect(try await ask(try await self.forwarder([]), "z.example.com") == "failed")
    }

    @Test func servesStaleAnswers() async throws {
        let upstream = try await FakeUpstream.start { query, _ in [query.addressReply(6)] }
        let forwarder = try await forwarder([upstream.port], timeout: .milliseconds(50))
        #expect(try await ask(forwarder, "s.example.com") == "A 192.0.2.6 60")
        upstream.replaceScript { _, _ in [] }
        clock.advance(.seconds(61))
        #expect(try await ask(forwarder, "s.example.com") == "A 192.0.2.6 30")
        let count = upstream.queries.count
        // For a while the servers are left alone.
        clock.advance(.seconds(29))
        #expect(try await ask(forwarder, "s.example.com") == "A 192.0.2.6 30")
        #expect(upstream.queries.count == count)
        upstream.replaceScript { query, _ in [query.addressReply(7)] }
        clock.advance(.seconds(2))
        #expect(try await ask(forwarder, "s.example.com") == "A 192.0.2.7 60")
        upstream.replaceScript { _, _ in [] }
        clock.advance(.seconds(60) + .hours(1))
        #expect(try await ask(forwarder, "s.example.com") == "failed")
        await upstream.stop()
    }

    @Test func joinsEqualQuestionsAndBoundsOthers() async throws {
        let upstream = try await FakeUpstream.start { _, _ in [] }
        var limits = DNSConfiguration.Limits()
        limits.openQuestions = 1
        limits.waitingClients = 3
        let forwarder = try await forwarder([upstream.port], limits: limits)
        let question = UpstreamQuestion(name: try wire("q.example.com"), type: .a)
        var futures: [EventLoopFuture<DNSForwarder.Result>] = []
        for _ in 0..<3 {
            guard case .later(let future) = forwarder.resolve(question, on: loop) else {
                Issue.record("not queued")
                return
            }
            futures.append(future)
        }
        guard case .now(.failed) = forwarder.resolve(question, on: loop) else {
            Issue.record("too many clients were queued")
            return
        }
        let other = UpstreamQuestion(name: try wire("other.example.com"), type: .a)
        guard case .now(.failed) = forwarder.resolve(other, on: loop) else {
            Issue.record("too many questions were opened")
            return
        }
        for future in futures { _ = try await future.get() }
        // Two attempts for one question, none for the others.
        #expect(upstream.queries == ["udp q.example.com.", "udp q.example.com."])
        #expect(counters.joined.load(ordering: .relaxed) == 2)
        await upstream.stop()
    }
}
