internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage
internal import EdgeTransport
internal import NIOCore
internal import Synchronization

/// The body of a WATCH: one JSON line per event. It keeps no events: it is a cursor into the store's history
/// that is read whenever the connection can take more, so what several commits brought leaves together, and a
/// client too slow for the history is told to list again.
final class WatchBody: PulledBody {
    /// What a watch begins with, and what it does on its way.
    struct Plan: Sendable {
        var filter: ObjectFilter
        var encoder: WatchEncoder
        /// Objects sent as ADDED before the changes.
        var initial: [EncodedObject] = []
        /// Ends the initial objects with a marked bookmark (`sendInitialEvents`).
        var marksInitialEnd = false
        var allowsBookmarks = false
        var startRevision: UInt64
        /// The watch ends with it: how long a custom resource is served in its present form.
        var lifetime: CustomResourceLifetime?
        /// Brings objects to the watched version, when somebody else has to be asked for it.
        var convert: Conversion?
    }

    typealias Conversion = @Sendable ([EncodedObject]) async throws -> [EncodedObject]

    private struct State {
        var subscription: Subscription?
        var encoder: WatchEncoder
        var sentInitial = 0
        var hasMarkedEnd = false
        /// The revision that the client knows of.
        var position: UInt64
        var isExpired = false
        var wantsBookmark = false
        var wake: (@Sendable () -> Void)?
        var timers: [TimerQueue.Token] = []
        var lifetimeID: Int?
        var isConverting = false
        /// What has been converted and waits to be sent.
        var converted: [ObjectChange] = []
        var conversionFailure: APIStatus?
    }

    private static let bookmarkInterval: Duration = .seconds(60)

    private let plan: Plan
    private let timerQueue: TimerQueue
    private let timeout: Duration
    private let subscribe: @Sendable (@escaping @Sendable () -> Void) throws -> Subscription
    private let state: Mutex<State>

    /// - Parameter subscribe: attaches to the store from the plan's start revision on.
    init(
        plan: Plan, timeout: Duration, timers: TimerQueue,
        subscribe: @escaping @Sendable (@escaping @Sendable () -> Void) throws -> Subscription
    ) {
        self.plan = plan
        self.timeout = timeout
        self.subscribe = subscribe
        timerQueue = timers
        state = Mutex(State(encoder: plan.encoder, position: plan.startRevision))
    }

    func start(wake: @escaping @Sendable () -> Void) {
        let subscription = try? subscribe(wake)
        state.withLock { state in
            state.subscription = subscription
            state.wake = wake
        }
        let end = timerQueue.schedule(after: timeout) { [weak self] in
            self?.state.withLock { $0.isExpired = true }
            wake()
        }
        state.withLock { $0.timers.append(end) }
        if plan.allowsBookmarks { scheduleBookmark() }
        guard let lifetime = plan.lifetime else { return }
        let id = lifetime.onEnd { [weak self] in
            self?.state.withLock { $0.isExpired = true }
            wake()
        }
        state.withLock { $0.lifetimeID = id }
    }

    func pull(into buffer: inout ByteBuffer, limit: Int) -> PullResult {
        state.withLock { state in
            if !sendInitial(&state, into: &buffer, limit: limit) { return .more }
            guard let subscription = state.subscription else {
                Self.expire(&state, into: &buffer)
                return .end
            }
            do {
                while buffer.readableBytes < limit {
                    let changes = try nextChanges(subscription, &state)
                    if let failure = state.conversionFailure {
                        state.encoder.append(failure, to: &buffer)
                        return .end
                    }
                    if changes.isEmpty {
                        if state.isConverting { return .wait }
                        sendBookmark(&state, into: &buffer)
                        return state.isExpired ? .end : .wait
                    }
                    for change in changes { send(change, &state, into: &buffer) }
                }
                return .more
            } catch {
                Self.expire(&state, into: &buffer)
                return .end
            }
        }
    }

    private func nextChanges(_ subscription: Subscription, _ state: inout State) throws -> [ObjectChange] {
        guard let convert = plan.convert else { return try subscription.next(maximum: 64) }
        if !state.converted.isEmpty {
            defer { state.converted = [] }
            return state.converted
        }
        if state.isConverting { return [] }
        let changes = try subscription.next(maximum: 64)
        if changes.isEmpty { return [] }
        state.isConverting = true
        let wake = state.wake
        Task { [weak self] in
            let result: Result<[ObjectChange], any Error>
            do { result = .success(try await Self.converted(changes, convert)) } catch {
                result = .failure(error)
            }
            self?.state.withLock { state in
                state.isConverting = false
                switch result {
                case .success(let changes): state.converted = changes
                case .failure(let error):
                    state.conversionFailure = error as? APIStatus ?? .internalError("\(error)")
                }
            }
            wake?()
        }
        return []
    }

    /// The changes with their objects converted, old and new in one call.
    private static func converted(
        _ changes: [ObjectChange], _ convert: Conversion
    ) async throws -> [ObjectChange] {
        let objects = changes.flatMap { change in [change.object] + (change.previous.map { [$0] } ?? []) }
        var results = try await convert(objects)[...]
        return changes.compactMap { change in
            guard let object = results.popFirst() else { return nil }
            let previous = change.previous.flatMap { _ in results.popFirst() }
            return ObjectChange(kind: change.kind, object: object, previous: previous)
        }
    }

    func cancel() {
        let (subscription, timers, lifetimeID) = state.withLock { state in
            defer {
                state.subscription = nil
                state.timers = []
                state.wake = nil
            }
            return (state.subscription, state.timers, state.lifetimeID)
        }
        subscription?.cancel()
        if let lifetimeID { plan.lifetime?.forget(lifetimeID) }
        for timer in timers { timerQueue.cancel(timer) }
    }

    /// Sends what the client is to begin with; false when the connection is full before the end of it.
    private func sendInitial(_ state: inout State, into buffer: inout ByteBuffer, limit: Int) -> Bool {
        while state.sentInitial < plan.initial.count {
            if buffer.readableBytes >= limit { return false }
            let object = plan.initial[state.sentInitial]
            state.encoder.append(.added, object, to: &buffer)
            state.sentInitial += 1
        }
        if plan.marksInitialEnd, !state.hasMarkedEnd {
            state.hasMarkedEnd = true
            state.encoder.appendBookmark(revision: state.position, endsInitialEvents: true, to: &buffer)
        }
        return true
    }

    private func send(_ change: ObjectChange, _ state: inout State, into buffer: inout ByteBuffer) {
        state.position = change.revision
        switch plan.filter.outcome(of: change) {
        case .invisible: break
        case .added: state.encoder.append(.added, change.object, to: &buffer)
        case .modified: state.encoder.append(.modified, change.object, to: &buffer)
        case .deleted: state.encoder.append(.deleted, change.object, to: &buffer)
        }
    }

    // MARK: Bookmarks

    private func scheduleBookmark() {
        let token = timerQueue.schedule(after: Self.bookmarkInterval) { [weak self] in
            guard let self else { return }
            let wake = state.withLock { state in
                state.wantsBookmark = true
                return state.wake
            }
            wake?()
            if wake != nil { scheduleBookmark() }
        }
        state.withLock { state in
            if state.timers.count > 1 { state.timers[1] = token } else { state.timers.append(token) }
        }
    }

    /// Tells a quiet client how far the store has come, so that it can go on from there after a break. What
    /// this watch may see has been sent up to the moment when the history had nothing more.
    private func sendBookmark(_ state: inout State, into buffer: inout ByteBuffer) {
        guard state.wantsBookmark else { return }
        state.wantsBookmark = false
        state.position = max(state.position, state.subscription?.revision ?? 0)
        state.encoder.appendBookmark(revision: state.position, endsInitialEvents: false, to: &buffer)
    }

    private static func expire(_ state: inout State, into buffer: inout ByteBuffer) {
        let status = APIStatus.expired("too old resource version: \(state.position)")
        state.encoder.append(status, to: &buffer)
    }
}
