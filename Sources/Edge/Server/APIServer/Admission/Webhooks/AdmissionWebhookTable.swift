internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage
internal import Logging
internal import Synchronization

/// The webhooks of all configurations of one resource, in the order of their names. Compiled again when a
/// configuration has changed, by the next request.
final class AdmissionWebhookTable: Sendable {
    static let mutating = "mutatingwebhookconfigurations.admissionregistration.k8s.io"
    static let validating = "validatingwebhookconfigurations.admissionregistration.k8s.io"

    private struct Snapshot {
        var version = -1
        var webhooks: [AdmissionWebhook] = []
    }

    private let resource: String
    private let store: ObjectStore
    private let version = VersionCounter()
    private let subscription: Subscription?
    private let snapshot = Mutex(Snapshot())

    init(_ resource: String, store: ObjectStore) {
        self.resource = resource
        self.store = store
        subscription = try? store.subscribe(resource, after: store.currentRevision) { [version] in
            version.advance()
        }
    }

    var webhooks: [AdmissionWebhook] {
        let version = version.value
        return snapshot.withLock { snapshot in
            if snapshot.version != version {
                snapshot = Snapshot(version: version, webhooks: compile())
            }
            return snapshot.webhooks
        }
    }

    private func compile() -> [AdmissionWebhook] {
        store.list(resource, namespace: "").objects.sorted { $0.key.name < $1.key.name }.flatMap { stored in
            let configuration = try? APIObject(decoding: stored)
            return (configuration?["webhooks"]?.array ?? []).enumerated().compactMap { index, webhook in
                do {
                    return try AdmissionWebhook(webhook, configuration: stored.key.name, index: index)
                } catch {
                    // Validation lets no such selector in.
                    Logger(label: "edge.admission").error(
                        "webhook is left out",
                        metadata: ["configuration": "\(stored.key.name)", "error": "\(error)"])
                    return nil
                }
            }
        }
    }
}
