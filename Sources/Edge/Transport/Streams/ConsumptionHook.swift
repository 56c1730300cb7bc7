internal import Synchronization

/// A callback that is set after the queue that calls it was made.
final class ConsumptionHook: Sendable {
    private let action = Mutex<(@Sendable (Int) -> Void)?>(nil)

    func set(_ action: @escaping @Sendable (Int) -> Void) {
        self.action.withLock { $0 = action }
    }

    func call(_ taken: Int) {
        action.withLock { $0 }?(taken)
    }
}
