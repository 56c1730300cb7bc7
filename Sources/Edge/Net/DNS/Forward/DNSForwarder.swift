internal import NIOCore
internal import Synchronization

/// Answers questions about the world outside: from the cache, or by asking the host's servers, once for all
/// clients that ask the same at the same time.
final class DNSForwarder: Sendable {
    enum Result: Sendable {
        /// `age` in seconds. A stale answer goes out with a short TTL.
        case answer(UpstreamAnswer, age: UInt32, isStale: Bool)
        /// No server answered, or too many questions are open.
        case failed
    }

    enum Lookup: Sendable {
        case now(Result)
        case later(EventLoopFuture<Result>)
    }

    /// RFC 8767 section 5: how long to leave unreachable servers alone for a name that has a stale answer.
    private static let retryInterval = TimeAmount.seconds(30)

    private let servers: UpstreamServers
    private let limits: DNSConfiguration.Limits
    private let timeout: TimeAmount
    private let group: any EventLoopGroup
    private let counters: DNSCounters
    private let now: @Sendable () -> NIODeadline
    private let state: Mutex<ForwarderState>

    init(
        servers: UpstreamServers, limits: DNSConfiguration.Limits, timeout: TimeAmount,
        group: any EventLoopGroup, counters: DNSCounters, now: @escaping @Sendable () -> NIODeadline
    ) {
        self.servers = servers
        self.limits = limits
        self.timeout = timeout
        self.group = group
        self.counters = counters
        self.now = now
        state = Mutex(
            ForwarderState(
                cache: AnswerCache(
                    maximumEntries: limits.cachedAnswers, maximumBytes: limits.cachedBytes)))
    }

    var cacheSize: (answers: Int, bytes: Int) {
        state.withLock { ($0.cache.count, $0.cache.bytes) }
    }

    /// A later result arrives on `loop`.
    func resolve(_ question: UpstreamQuestion, on loop: any EventLoop) -> Lookup {
        let (lookup, mustAsk) = state.withLock { $0.lookUp(question, loop, limits, now()) }
        switch lookup {
        case .now(.failed): counters.overload.add(1, ordering: .relaxed)
        case .now(.answer(_, _, isStale: true)): counters.staleHits.add(1, ordering: .relaxed)
        case .now(.answer(_, _, isStale: false)): counters.cacheHits.add(1, ordering: .relaxed)
        case .later:
            if !mustAsk { counters.joined.add(1, ordering: .relaxed) }
        }
        if mustAsk { ask(question) }
        return lookup
    }

    private func ask(_ question: UpstreamQuestion) {
        counters.exchanges.add(1, ordering: .relaxed)
        let (servers, first) = servers.current()
        let exchange = UpstreamExchange(
            question, servers: servers, first: first, timeout: timeout, on: group.next()
        ) { [self] outcome in finish(question, outcome) }
        exchange.start()
    }

    private func finish(_ question: UpstreamQuestion, _ outcome: UpstreamExchange.Outcome) {
        if let server = outcome.server {
            servers.prefer(server)
        } else {
            counters.exchangeFailures.add(1, ordering: .relaxed)
        }
        let time = now()
        let (promises, result) = state.withLock { state in
            let promises = state.waiting.removeValue(forKey: question) ?? []
            state.waiters -= promises.count
            return (promises, state.result(of: outcome, question, time, retry: time + Self.retryInterval))
        }
        if case .answer(_, _, true) = result { counters.staleHits.add(1, ordering: .relaxed) }
        for promise in promises { promise.succeed(result) }
    }
}

/// What the lock of a forwarder protects.
private struct ForwarderState {
    var cache: AnswerCache
    /// Who waits for the answer to each question under way.
    var waiting: [UpstreamQuestion: [EventLoopPromise<DNSForwarder.Result>]] = [:]
    var waiters = 0

    /// Answers from the cache or queues a waiter; says whether the servers have to be asked.
    mutating func lookUp(
        _ question: UpstreamQuestion, _ loop: any EventLoop, _ limits: DNSConfiguration.Limits,
        _ now: NIODeadline
    ) -> (DNSForwarder.Lookup, Bool) {
        let hit = cache.find(question, now: now)
        let isOpen = waiting[question] != nil
        let isFull = waiters >= limits.waitingClients || !isOpen && waiting.count >= limits.openQuestions
        if let hit, !hit.isStale || hit.isHeldBack || isFull {
            return (.now(.answer(hit.answer, age: hit.age, isStale: hit.isStale)), false)
        }
        guard !isFull else { return (.now(.failed), false) }
        let promise = loop.makePromise(of: DNSForwarder.Result.self)
        waiting[question, default: []].append(promise)
        waiters += 1
        return (.later(promise.futureResult), !isOpen)
    }

    /// Keeps a good answer; without one falls back to a stale one.
    mutating func result(
        of outcome: UpstreamExchange.Outcome, _ question: UpstreamQuestion, _ now: NIODeadline,
        retry: NIODeadline
    ) -> DNSForwarder.Result {
        if let answer = outcome.answer, outcome.server != nil {
            cache.insert(answer, for: question, now: now)
            return .answer(answer, age: 0, isStale: false)
        }
        if let hit = cache.find(question, now: now) {
            cache.holdBack(question, until: retry)
            return .answer(hit.answer, age: hit.age, isStale: hit.isStale)
        }
        return outcome.answer.map { .answer($0, age: 0, isStale: false) } ?? .failed
    }
}
