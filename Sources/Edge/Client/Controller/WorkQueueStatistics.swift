public import EdgeBase
internal import Synchronization

/// The figures of one work queue, as client-go's metrics have them.
public struct WorkQueueStatistics: Sendable {
    public var depth = 0
    public var adds: UInt64 = 0
    public var retries: UInt64 = 0
    /// Seconds that keys waited, and that the work on them took.
    public var queueDurations = Histogram(bounds: Histogram.decades)
    public var workDurations = Histogram(bounds: Histogram.decades)
    /// Seconds that the work in progress has taken by now.
    public var running: [Double] = []
}

/// The work queues of this process by the names of their controllers.
public final class WorkQueueMetrics: Sendable {
    public static let shared = WorkQueueMetrics()

    private let queues = Mutex<[String: @Sendable () -> WorkQueueStatistics]>([:])

    func register(_ name: String, _ statistics: @escaping @Sendable () -> WorkQueueStatistics) {
        queues.withLock { $0[name] = statistics }
    }

    public func write(to text: inout MetricsText) {
        let queues = queues.withLock { $0 }.sorted { $0.key < $1.key }
        for name in ["depth", "unfinished_work_seconds", "longest_running_processor_seconds"] {
            text.family("workqueue_\(name)", "gauge")
        }
        text.family("workqueue_adds_total", "counter")
        text.family("workqueue_retries_total", "counter")
        text.family("workqueue_queue_duration_seconds", "histogram")
        text.family("workqueue_work_duration_seconds", "histogram")
        for (name, statistics) in queues {
            let labels: [MetricsText.Label] = [("name", name)]
            let figures = statistics()
            text.sample("workqueue_depth", labels, figures.depth)
            text.sample("workqueue_unfinished_work_seconds", labels, figures.running.reduce(0, +))
            text.sample("workqueue_longest_running_processor_seconds", labels, figures.running.max() ?? 0)
            text.sample("workqueue_adds_total", labels, figures.adds)
            text.sample("workqueue_retries_total", labels, figures.retries)
            text.histogram("workqueue_queue_duration_seconds", labels, figures.queueDurations)
            text.histogram("workqueue_work_duration_seconds", labels, figures.workDurations)
        }
    }
}
