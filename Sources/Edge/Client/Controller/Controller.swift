internal import EdgeAPI
internal import EdgeBase
public import Logging

/// Runs a reconciler over a work queue with a fixed number of workers.
public struct Controller<R: Reconciler>: Sendable {
    public let reconciler: R
    public let queue: WorkQueue<R.Key>
    private let workers: Int
    private let logger: Logger

    public init(
        _ reconciler: R, queue: WorkQueue<R.Key>, workers: Int = 2,
        logger: Logger = Logger(label: "edge.controller")
    ) {
        self.reconciler = reconciler
        self.queue = queue
        self.workers = workers
        self.logger = logger
    }

    /// Works until the task is cancelled.
    public func run() async {
        let queue = queue
        WorkQueueMetrics.shared.register(reconciler.name) { [weak queue] in queue?.statistics ?? .init() }
        await withTaskGroup { group in
            for _ in 0..<workers {
                group.addTask { await work() }
            }
        }
    }

    private func work() async {
        while let key = await queue.next() {
            do {
                let result = try await reconciler.reconcile(key)
                queue.forget(key)
                if case .again(let delay) = result { queue.add(key, after: delay) }
            } catch is CancellationError where Task.isCancelled {
                queue.done(key)
                return
            } catch {
                // A conflict is the ordinary way to learn that a newer version is on its way.
                let level: Logger.Level = (error as? APIStatus)?.reason == .conflict ? .debug : .warning
                logger.log(
                    level: level, "reconcile failed",
                    metadata: ["controller": "\(reconciler.name)", "key": "\(key)", "error": "\(error)"])
                queue.addAfterFailure(key)
            }
            queue.done(key)
        }
    }
}
