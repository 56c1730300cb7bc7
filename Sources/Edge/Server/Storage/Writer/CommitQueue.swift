internal import EdgeBase
internal import Synchronization

/// Where writers leave their groups and the writer thread finds them: everything that has queued is taken
/// together, which is what makes the group commit.
final class CommitQueue: Sendable {
    /// Resumed exactly once, with the outcome.
    typealias Reply<Value: Sendable> = CheckedContinuation<Result<Value, StorageError>, Never>

    /// An atomic group and who waits for it.
    struct Group: Sendable {
        let mutations: [Mutation]
        let reply: Reply<[EncodedObject]>
    }

    /// What the writer has to do next.
    struct Work: Sendable {
        var groups: [Group] = []
        var flush: [Reply<Void>] = []
        /// Flush, although nobody waits for it.
        var flushIsDue = false
        var reserve = false
        /// Resources to write again as a whole.
        var rewrites: [(resource: String, reply: Reply<Void>)] = []
        var stop: Stop?

        var isEmpty: Bool {
            groups.isEmpty && flush.isEmpty && !flushIsDue && !reserve && rewrites.isEmpty && stop == nil
        }
    }

    enum Stop: Sendable {
        /// Leave everything as a crash would.
        case abandon
        /// Write what is left, checkpoint, mark the database clean.
        case close(Reply<Void>)
    }

    private struct State {
        var work = Work()
        var isWaiting = false
        var isStopped = false
    }

    private let state = Mutex(State())
    private let signal = ThreadSignal()
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Adds a group, or says why not; the group's continuation is the caller's then.
    func submit(_ group: Group) -> StorageError? {
        let (error, wake) = state.withLock { state -> (StorageError?, Bool) in
            if state.isStopped { return (.closed, false) }
            if state.work.groups.count >= limit {
                let cause = "\(limit) writes are waiting for the disk"
                return (.unavailable(operation: "queue write", cause: cause), false)
            }
            state.work.groups.append(group)
            return (nil, Self.wake(&state))
        }
        if wake { signal.post() }
        return error
    }

    /// Groups that the writer has not taken yet.
    var waiting: Int { state.withLock { $0.work.groups.count } }

    /// Asks for a flush of batched objects, with or without somebody who waits for it.
    func requestFlush(_ reply: Reply<Void>? = nil) {
        let accepted = change { work in
            if let reply { work.flush.append(reply) } else { work.flushIsDue = true }
        }
        if !accepted { reply?.resume(returning: .failure(.closed)) }
    }

    /// Asks for all objects of a resource to be written again.
    func requestRewrite(of resource: String, _ reply: Reply<Void>) {
        let accepted = change { $0.rewrites.append((resource, reply)) }
        if !accepted { reply.resume(returning: .failure(.closed)) }
    }

    /// Asks for the next block of revisions.
    func requestReservation() { _ = change { $0.reserve = true } }

    /// Takes no more work, and lets the writer end as if the process had been killed.
    func abandon() {
        _ = change(andStop: true) { $0.stop = .abandon }
    }

    /// Takes no more work; the writer finishes what is queued and resumes `reply`.
    func close(_ reply: Reply<Void>) {
        let accepted = change(andStop: true) { $0.stop = .close(reply) }
        if !accepted { reply.resume(returning: .failure(.closed)) }
    }

    /// The writer thread's side: sleeps until there is something to do, and takes all of it.
    func take() -> Work {
        while true {
            let work = state.withLock { state -> Work? in
                guard !state.work.isEmpty else {
                    state.isWaiting = true
                    return nil
                }
                defer { state.work = Work() }
                return state.work
            }
            if let work { return work }
            signal.wait()
        }
    }

    /// Changes the work unless the queue is stopped, and wakes the writer.
    private func change(andStop stop: Bool = false, _ body: (inout Work) -> Void) -> Bool {
        let (accepted, wake) = state.withLock { state -> (Bool, Bool) in
            guard !state.isStopped else { return (false, false) }
            body(&state.work)
            state.isStopped = stop
            return (true, Self.wake(&state))
        }
        if wake { signal.post() }
        return accepted
    }

    private static func wake(_ state: inout State) -> Bool {
        defer { state.isWaiting = false }
        return state.isWaiting
    }
}
