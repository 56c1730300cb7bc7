internal import EdgeClient
internal import Synchronization

/// The informers of a controller that looks after many kinds; those of custom resources come and go.
final class InformerTable: Sendable {
    private let informers: Mutex<[String: Informer]>

    init(_ informers: [String: Informer]) {
        self.informers = Mutex(informers)
    }

    subscript(resource: String) -> Informer? {
        get { informers.withLock { $0[resource] } }
    }

    var all: [Informer] { informers.withLock { Array($0.values) } }

    func add(_ informer: Informer) {
        informers.withLock { $0[informer.scope.resource] = informer }
    }

    func remove(_ resource: String) {
        _ = informers.withLock { $0.removeValue(forKey: resource) }
    }
}
