import EdgeBase
import EdgeClient
import Testing

@Suite(.timeLimit(.minutes(1))) struct WorkQueueTests {
    private let queue = WorkQueue<String>(
        timers: TimerQueue(), backoff: Backoff(initial: .milliseconds(1), maximum: .milliseconds(2)))

    @Test func keysComeInOrderAndOnce() async {
        for key in ["a", "b", "a"] { queue.add(key) }
        #expect(queue.count == 2)
        #expect(await queue.next() == "a")
        #expect(await queue.next() == "b")
        #expect(queue.count == 0)
    }

    @Test func aKeyAddedWhileItIsWorkedOnComesBackAfterwards() async {
        queue.add("a")
        #expect(await queue.next() == "a")
        queue.add("a")
        queue.add("a")
        #expect(queue.count == 0)
        queue.done("a")
        #expect(queue.count == 1)
        #expect(await queue.next() == "a")
        queue.done("a")
        #expect(queue.count == 0)
    }

    @Test func waitingWorkersAreServed() async {
        async let first = queue.next()
        async let second = queue.next()
        queue.add("a")
        queue.add("b")
        #expect(Set([await first, await second]) == ["a", "b"])
    }

    @Test func cancelledWorkersReturn() async {
        let worker = Task { await queue.next() }
        worker.cancel()
        #expect(await worker.value == nil)
        // And take no key with them.
        queue.add("a")
        #expect(await queue.next() == "a")
    }

    @Test func delayedKeysArrive() async {
        queue.add("late", after: .milliseconds(5))
        queue.add("late", after: .seconds(100))
        #expect(queue.count == 0)
        #expect(await queue.next() == "late")
    }

    @Test func failedKeysComeBack() async {
        queue.addAfterFailure("a")
        #expect(await queue.next() == "a")
        queue.done("a")
        queue.forget("a")
        queue.addAfterFailure("a")
        #expect(await queue.next() == "a")
    }

    @Test func shuttingDownLetsWorkersGo() async {
        let worker = Task { await queue.next() }
        queue.add("x", after: .seconds(100))
        queue.shutDown()
        #expect(await worker.value == nil)
        queue.add("a")
        #expect(await queue.next() == nil)
        #expect(queue.count == 0)
    }
}

@Suite struct BackoffTests {
    @Test(arguments: [(0, 100), (1, 200), (2, 400), (3, 800), (4, 1000), (5, 1000), (1000, 1000)])
    func doubles(failures: Int, milliseconds: Int) {
        let backoff = Backoff(initial: .milliseconds(100), maximum: .seconds(1))
        #expect(backoff.delay(afterFailures: failures) == .milliseconds(milliseconds))
    }

    @Test func neverExceedsTheMaximum() {
        #expect(Backoff(initial: .seconds(5), maximum: .seconds(2)).delay(afterFailures: 0) == .seconds(2))
    }
}

@Suite(.timeLimit(.minutes(1))) struct ControllerTests {
    /// Fails as told, then is done.
    actor Flaky: Reconciler {
        nonisolated var name: String { "flaky" }
        private var failures: [any Error]
        private(set) var calls = 0
        private var waiter: CheckedContinuation<Void, Never>?

        init(_ failures: [any Error]) { self.failures = failures }

        func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
            calls += 1
            if !failures.isEmpty { throw failures.removeFirst() }
            waiter?.resume()
            waiter = nil
            return .done
        }

        func waitUntilDone() async {
            if failures.isEmpty, calls > 0 { return }
            await withCheckedContinuation { waiter = $0 }
        }
    }

    struct Failure: Error {}

    /// A cancellation inside a pass is a failure like others while the controller itself runs on.
    @Test(arguments: [[], [Failure()] as [any Error], [CancellationError(), Failure()]])
    func triesAgainUntilItIsDone(failures: [any Error]) async {
        let queue = WorkQueue<ObjectKey>(
            timers: TimerQueue(), backoff: Backoff(initial: .milliseconds(1), maximum: .milliseconds(1)))
        let flaky = Flaky(failures)
        let task = Task { await Controller(flaky, queue: queue, workers: 1).run() }
        queue.add(ObjectKey(resource: "pods", name: "a"))
        await flaky.waitUntilDone()
        #expect(await flaky.calls == failures.count + 1)
        task.cancel()
        await task.value
    }
}
