internal import Synchronization

/// Counts the commits that concern the authorizer: read at each question, moved by the store's writers before
/// the write that it stands for is acknowledged.
final class VersionCounter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .acquiring) }
    func advance() { count.add(1, ordering: .acquiringAndReleasing) }
}
