internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import Logging
internal import Synchronization

/// Keeps the cluster's zone up to date from informers and hands the present one to readers. Before the first
/// lists have arrived there is none: names that are merely unknown yet must not be denied.
public final class DNSZoneStore: Sendable {
    let configuration: ZoneConfiguration
    private let logger: Logger
    private let current = Mutex<DNSZone?>(nil)
    private let builder: Mutex<Builder>

    private struct Builder {
        var zone: DNSZoneBuilder
        var hasSynced = false
    }

    init(_ configuration: ZoneConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        builder = Mutex(Builder(zone: DNSZoneBuilder(configuration)))
    }

    /// The zone to answer from; nil before the first lists.
    var zone: DNSZone? { current.withLock { $0 } }

    /// Whether the zone stands.
    public var isReady: Bool { zone != nil }

    /// Listens to the Services, EndpointSlices and Namespaces of an informer set. Call it before the set runs.
    func follow(_ informers: InformerSet) {
        let followed = [Service.resource, EndpointSlice.resource, Namespace.resource].map { resource in
            let informer = informers.informer(resource)
            informer.addHandler { [weak self] changes in self?.apply(changes) }
            return informer
        }
        // Ends with the informers: they wake their waiters when they stop.
        Task { [weak self] in
            do {
                for informer in followed { try await informer.waitUntilSynced() }
                self?.finishSync()
            } catch {
                return
            }
        }
    }

    /// Takes over a batch; the zone changes once for all of it.
    func apply(_ changes: [ObjectChange]) {
        builder.withLock { builder in
            for change in changes {
                guard let error = builder.zone.apply(change) else { continue }
                logger.warning(
                    "object left out of dns",
                    metadata: ["object": "\(change.object.key)", "error": "\(error)"])
            }
            if builder.hasSynced { publish(&builder) }
        }
    }

    /// Lets the zone be seen from now on.
    func finishSync() {
        builder.withLock { builder in
            builder.hasSynced = true
            publish(&builder)
        }
    }

    private func publish(_ builder: inout Builder) {
        let zone = builder.zone.build()
        current.withLock { $0 = zone }
    }
}
