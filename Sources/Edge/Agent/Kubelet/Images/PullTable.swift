internal import Synchronization

/// Pulls under way: whoever wants the same image with the same credentials waits for the same pull. One who stops
/// waiting does not end it for the others.
final class PullTable: Sendable {
    private struct Key: Hashable, Sendable {
        var image: String
        var dockerConfigs: [[UInt8]]
    }

    private typealias Answer = Result<(ImageSummary, Duration), any Error>

    private struct Pull {
        var task: Task<Void, Never>?
        var waiters: [UInt64: CheckedContinuation<(ImageSummary, Duration), any Error>] = [:]
    }

    private struct State {
        var pulls: [Key: Pull] = [:]
        var nextID: UInt64 = 0
    }

    private let provider: any ImageProvider
    private let state = Mutex(State())

    init(provider: any ImageProvider) {
        self.provider = provider
    }

    /// The image and how long its pull took.
    func pull(_ image: String, dockerConfigs: [[UInt8]]) async throws -> (ImageSummary, Duration) {
        let key = Key(image: image, dockerConfigs: dockerConfigs)
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if Task.isCancelled { return true }
                    let isNew = state.pulls[key] == nil
                    state.pulls[key, default: Pull()].waiters[id] = continuation
                    if isNew { state.pulls[key]?.task = Task { await self.run(key) } }
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            leave(key, id)
        }
    }

    /// The last one to leave ends the pull.
    private func leave(_ key: Key, _ id: UInt64) {
        let (waiter, task) = state.withLock { state in
            let waiter = state.pulls[key]?.waiters.removeValue(forKey: id)
            guard let pull = state.pulls[key], pull.waiters.isEmpty else {
                return (waiter, nil as Task<Void, Never>?)
            }
            state.pulls[key] = nil
            return (waiter, pull.task)
        }
        task?.cancel()
        waiter?.resume(throwing: CancellationError())
    }

    private func run(_ key: Key) async {
        let begun = ContinuousClock.now
        let answer: Answer
        do {
            let image = try await provider.pull(key.image, dockerConfigs: key.dockerConfigs)
            answer = .success((image, ContinuousClock.now - begun))
        } catch {
            answer = .failure(error)
        }
        // After a cancellation the entry may already belong to a newer pull.
        guard !Task.isCancelled else { return }
        let waiters = state.withLock { $0.pulls.removeValue(forKey: key)?.waiters ?? [:] }
        for waiter in waiters.values { waiter.resume(with: answer) }
    }
}
