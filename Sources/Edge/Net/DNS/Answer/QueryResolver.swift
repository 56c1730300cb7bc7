internal import NIOCore
internal import Synchronization

/// Decides who answers a query: the cluster's zone, at once, or the servers outside.
final class QueryResolver: Sendable {
    enum Answer: Sendable {
        case now([UInt8])
        case later(EventLoopFuture<[UInt8]>)
        /// The message deserves no reply.
        case none
    }

    enum Transport: Sendable { case datagram, stream }

    /// What a stale answer says of its lifetime, in seconds (RFC 8767 section 4).
    private static let staleTTL: UInt32 = 30

    private let zones: DNSZoneStore
    private let forwarder: DNSForwarder
    private let counters: DNSCounters

    init(zones: DNSZoneStore, forwarder: DNSForwarder, counters: DNSCounters) {
        self.zones = zones
        self.forwarder = forwarder
        self.counters = counters
    }

    /// A later answer arrives on `loop`.
    func answer(_ message: [UInt8], over transport: Transport, on loop: any EventLoop) -> Answer {
        switch transport {
        case .datagram: counters.datagramQueries.add(1, ordering: .relaxed)
        case .stream: counters.streamQueries.add(1, ordering: .relaxed)
        }
        switch DNSQuery.parse(message) {
        case .ignore:
            counters.malformed.add(1, ordering: .relaxed)
            return .none
        case .refuse(let reply, _):
            counters.malformed.add(1, ordering: .relaxed)
            return .now(reply)
        case .query(let query):
            let limit = transport == .datagram ? query.datagramLimit : Int(UInt16.max)
            return answer(query, limit: limit, on: loop)
        }
    }

    private func answer(_ query: DNSQuery, limit: Int, on loop: any EventLoop) -> Answer {
        guard let zone = zones.zone else { return answerUnsynced(query, limit: limit, on: loop) }
        switch ZoneResponder(zone: zone, limit: limit).answer(query) {
        case .reply(let reply, let code):
            counters.clusterAnswers.add(1, ordering: .relaxed)
            if code == .nameError { counters.clusterDenials.add(1, ordering: .relaxed) }
            return .now(reply)
        case .foreign:
            return forward(query, UpstreamQuestion(query), on: loop) { result in
                Self.reply(to: query, result, limit: limit)
            }
        case .follow(let chain, let target):
            let ttl = zones.configuration.ttl
            return forward(query, UpstreamQuestion(query, name: target), on: loop) { result in
                Self.reply(to: query, chain, target, result, ttl: ttl, limit: limit)
            }
        }
    }

    /// The zone is not known yet: a denial now could be believed for long, so its names fail for the moment.
    private func answerUnsynced(_ query: DNSQuery, limit: Int, on loop: any EventLoop) -> Answer {
        guard !zones.configuration.owns(query.name) else {
            counters.notReady.add(1, ordering: .relaxed)
            return .now(query.errorReply(.serverFailure))
        }
        return forward(query, UpstreamQuestion(query), on: loop) { result in
            Self.reply(to: query, result, limit: limit)
        }
    }

    private func forward(
        _ query: DNSQuery, _ question: UpstreamQuestion, on loop: any EventLoop,
        _ reply: @escaping @Sendable (DNSForwarder.Result) -> [UInt8]
    ) -> Answer {
        switch forwarder.resolve(question, on: loop) {
        case .now(let result): .now(reply(result))
        case .later(let future): .later(future.map(reply))
        }
    }

    private static func reply(to query: DNSQuery, _ result: DNSForwarder.Result, limit: Int) -> [UInt8] {
        switch result {
        case .answer(let answer, let age, let isStale):
            answer.reply(to: query, limit: limit, age: age, ttl: isStale ? staleTTL : nil)
        case .failed: query.errorReply(.serverFailure)
        }
    }

    /// Puts what the servers said of an alias' target behind the alias.
    private static func reply(
        to query: DNSQuery, _ chain: AliasChain, _ target: WireName, _ result: DNSForwarder.Result,
        ttl: UInt32, limit: Int
    ) -> [UInt8] {
        guard case .answer(let answer, let age, let isStale) = result,
            let (answers, authorities) = try? answer.records(question: target)
        else { return query.errorReply(.serverFailure) }
        func remaining(_ record: ResourceRecord) -> UInt32 {
            isStale ? staleTTL : record.ttl > age ? record.ttl - age : 0
        }
        var writer = ReplyWriter(to: query, limit: limit)
        chain.write(to: &writer, ttl: ttl)
        for record in answers {
            writer.add(
                .answer, record.name, record.type, ttl: remaining(record), record.data,
                recordClass: record.recordClass)
        }
        for record in authorities where record.type == .soa {
            writer.add(.authority, record.name, record.type, ttl: remaining(record), record.data)
        }
        return writer.finish(answer.code, authoritative: false)
    }
}
