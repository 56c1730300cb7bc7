internal import Synchronization

/// What a DNS server has done since it started; a reading of its counters.
public struct DNSMetrics: Sendable, Hashable {
    public var datagramQueries: UInt64 = 0
    public var streamQueries: UInt64 = 0
    /// Messages that were no queries, or queries that could not be read.
    public var malformed: UInt64 = 0
    /// Answers from the cluster's zone, and those among them that denied the name.
    public var clusterAnswers: UInt64 = 0
    public var clusterDenials: UInt64 = 0
    /// Answers given before the zone stood: SERVFAIL.
    public var notReady: UInt64 = 0
    public var cacheHits: UInt64 = 0
    /// Answers past their end, given because no server could be reached.
    public var staleHits: UInt64 = 0
    /// Questions that waited for the same question of another client.
    public var joined: UInt64 = 0
    /// Questions asked outside, and those that no server answered.
    public var exchanges: UInt64 = 0
    public var exchangeFailures: UInt64 = 0
    /// Questions refused because too many were open.
    public var overload: UInt64 = 0
    /// Replies that the socket's buffer had no room for.
    public var droppedReplies: UInt64 = 0
    public var refusedConnections: UInt64 = 0
    /// What the cache holds now.
    public var cachedAnswers: UInt64 = 0
    public var cachedBytes: UInt64 = 0
}

/// The counters behind `DNSMetrics`.
final class DNSCounters: Sendable {
    let datagramQueries = Atomic<UInt64>(0)
    let streamQueries = Atomic<UInt64>(0)
    let malformed = Atomic<UInt64>(0)
    let clusterAnswers = Atomic<UInt64>(0)
    let clusterDenials = Atomic<UInt64>(0)
    let notReady = Atomic<UInt64>(0)
    let cacheHits = Atomic<UInt64>(0)
    let staleHits = Atomic<UInt64>(0)
    let joined = Atomic<UInt64>(0)
    let exchanges = Atomic<UInt64>(0)
    let exchangeFailures = Atomic<UInt64>(0)
    let overload = Atomic<UInt64>(0)
    let droppedReplies = Atomic<UInt64>(0)
    let refusedConnections = Atomic<UInt64>(0)

    func metrics(cachedAnswers: Int, cachedBytes: Int) -> DNSMetrics {
        DNSMetrics(
            datagramQueries: datagramQueries.load(ordering: .relaxed),
            streamQueries: streamQueries.load(ordering: .relaxed),
            malformed: malformed.load(ordering: .relaxed),
            clusterAnswers: clusterAnswers.load(ordering: .relaxed),
            clusterDenials: clusterDenials.load(ordering: .relaxed),
            notReady: notReady.load(ordering: .relaxed),
            cacheHits: cacheHits.load(ordering: .relaxed),
            staleHits: staleHits.load(ordering: .relaxed),
            joined: joined.load(ordering: .relaxed),
            exchanges: exchanges.load(ordering: .relaxed),
            exchangeFailures: exchangeFailures.load(ordering: .relaxed),
            overload: overload.load(ordering: .relaxed),
            droppedReplies: droppedReplies.load(ordering: .relaxed),
            refusedConnections: refusedConnections.load(ordering: .relaxed),
            cachedAnswers: UInt64(cachedAnswers), cachedBytes: UInt64(cachedBytes))
    }
}
