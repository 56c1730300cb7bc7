import EdgeBase
import NIOCore
import Testing

@testable import EdgeDNS

@Suite struct AnswerCacheTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func question(_ name: String) throws -> UpstreamQuestion {
        UpstreamQuestion(name: try wire(name), type: .a)
    }

    private func answer(_ name: String, ttl: UInt32 = 60) throws -> UpstreamAnswer {
        try UpstreamAnswer(try parsed(query(name, .a)).addressReply(1, ttl: ttl))
    }

    @Test func agesAndEnds() throws {
        var cache = AnswerCache(maximumEntries: 10, maximumBytes: 10000)
        let question = try question("a.example")
        cache.insert(try answer("a.example"), for: question, now: start)
        #expect(cache.find(question, now: start + .seconds(59))?.age == 59)
        #expect(cache.find(question, now: start + .seconds(59))?.isStale == false)
        #expect(cache.find(question, now: start + .seconds(60))?.isStale == true)
        #expect(cache.find(question, now: start + .seconds(60) + .hours(1)) == nil)
        #expect(cache.count == 0)
        #expect(cache.bytes == 0)
    }

    @Test func dropsTheLeastRecentlyUsed() throws {
        var cache = AnswerCache(maximumEntries: 3, maximumBytes: 100_000)
        for name in ["a", "b", "c"] { cache.insert(try answer(name), for: try question(name), now: start) }
        #expect(cache.find(try question("a"), now: start) != nil)
        cache.insert(try answer("d"), for: try question("d"), now: start)
        #expect(cache.count == 3)
        #expect(cache.find(try question("b"), now: start) == nil)
        for name in ["a", "c", "d"] { #expect(cache.find(try question(name), now: start) != nil) }
    }

    @Test func boundsBytes() throws {
        var cache = AnswerCache(maximumEntries: 100_000, maximumBytes: 10000)
        for number in 0..<1000 {
            cache.insert(try answer("n\(number)"), for: try question("n\(number)"), now: start)
            #expect(cache.bytes <= 10000)
        }
        #expect(cache.count > 10)
        for number in 0..<1000 {
            cache.insert(try answer("n999"), for: try question("n999"), now: start + .seconds(Int64(number)))
        }
        #expect(cache.bytes <= 10000)
    }

    @Test func doesNotKeepWhatHasNoLifetime() throws {
        var cache = AnswerCache(maximumEntries: 10, maximumBytes: 10000)
        cache.insert(try answer("a", ttl: 0), for: try question("a"), now: start)
        #expect(cache.count == 0)
    }
}
