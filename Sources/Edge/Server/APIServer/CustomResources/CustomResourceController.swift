internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON
internal import EdgeStorage
internal import Logging
internal import Synchronization

/// Brings definitions into effect: accepts their names, establishes them, and when they are deleted removes
/// their objects first. It follows the store's own commits, so that a definition is established within
/// milliseconds.
struct CustomResourceController: Sendable {
    private let registry: Registry
    private let table: CustomResourceTable
    private let clock: any WallClock
    private let logger = Logger(label: "edge.customresources")
    private let context = RequestContext.ofServer
    /// Definitions whose objects are being removed.
    private let cleaning = CleaningTable()

    init(registry: Registry, table: CustomResourceTable, clock: any WallClock) {
        self.registry = registry
        self.table = table
        self.clock = clock
    }

    private var store: ObjectStore { registry.store }

    /// Works until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                do { try await follow(&group) } catch {
                    guard !Task.isCancelled else { break }
                    logger.debug("list again", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: .milliseconds(200))
                }
            }
            group.cancelAll()
        }
    }

    private func follow(_ group: inout DiscardingTaskGroup) async throws {
        let list = store.list(CustomResourceDefinition.resource, namespace: "")
        for object in list.objects { await reconcile(object.key.name, &group) }
        let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let subscription = try store.subscribe(
            CustomResourceDefinition.resource, namespace: "", after: list.revision
        ) { signal.yield() }
        defer { subscription.cancel() }
        signal.yield()
        for await _ in signals {
            while true {
                let changes = try subscription.next(maximum: 64)
                if changes.isEmpty { break }
                for change in changes {
                    if change.kind == .deleted {
                        await released(change.object, &group)
                    } else {
                        await reconcile(change.object.key.name, &group)
                    }
                }
            }
        }
    }

    /// Names that became free may be what another definition of the group waits for.
    private func released(_ object: EncodedObject, _ group: inout DiscardingTaskGroup) async {
        table.refresh(object.key.name)
        guard let gone = try? CustomResourceDefinition(decoding: object) else { return }
        for other in definitions(of: gone.group) { await reconcile(other.name, &group) }
    }

    private func definitions(of group: String) -> [CustomResourceDefinition] {
        store.list(CustomResourceDefinition.resource, namespace: "").objects
            .compactMap { try? CustomResourceDefinition(decoding: $0) }.filter { $0.group == group }
    }

    private func reconcile(_ name: String, _ group: inout DiscardingTaskGroup) async {
        table.refresh(name)
        let key = ObjectKey(resource: CustomResourceDefinition.resource, name: name)
        guard let stored = store.get(key), let definition = try? CustomResourceDefinition(decoding: stored)
        else { return }
        if definition.isBeingDeleted {
            guard definition.finalizers.contains(CustomResourceDefinition.cleanupFinalizer),
                cleaning.begin(name)
            else { return }
            group.addTask {
                await cleanUp(name)
                cleaning.end(name)
            }
            return
        }
        do { try await acceptNames(of: definition) } catch {
            logger.error(
                "status of a definition was not written",
                metadata: ["definition": "\(name)", "error": "\(error)"])
        }
    }

    // MARK: Names

    private func acceptNames(of definition: CustomResourceDefinition) async throws {
        var status = definition.status
        let others = definitions(of: definition.group).filter { $0.name != definition.name }
        let naming = CustomResourceNaming(definition, others: others.map(\.status.acceptedNames))
        let now = clock.now
        let isNew = !status.isTrue("Established")
        status.acceptedNames = naming.names
        status.setCondition(
            "NamesAccepted", ConditionStatus(naming.isAccepted), reason: naming.reason,
            message: naming.message, now: now)
        if isNew, naming.isAccepted {
            status.setCondition(
                "Established", .true, reason: "InitialNamesAccepted",
                message: "the initial names have been accepted", now: now)
        } else if isNew {
            status.setCondition(
                "Established", .false, reason: "NotAccepted", message: "not all names are accepted", now: now)
        }
        Approval.setCondition(&status, definition, now: now)
        guard status != definition.status else { return }
        if naming.isAccepted { table.accept(naming.names, of: definition) }
        try await write(definition.name) { current in
            guard current.uid == definition.uid else { return }
            let stored = current.status.storedVersions
            current.status = status
            current.status.storedVersions = stored
        }
        let freed = Set([definition.status.acceptedNames.plural, definition.status.acceptedNames.singular])
            .union(definition.status.acceptedNames.shortNames).subtracting([""])
        guard !freed.isEmpty else { return }
        for other in others where !other.status.isTrue("NamesAccepted") && !other.isBeingDeleted {
            try await acceptNames(of: other)
        }
    }

    private func write(
        _ name: String, _ change: (inout CustomResourceDefinition) -> Void
    ) async throws {
        guard
            let resource = Schema.shared.stored(CustomResourceDefinition.resource)
        else { return }
        do {
            _ = try await registry.change(
                resource, namespace: "", name: name, subresource: "status", context
            ) { object in
                var definition = CustomResourceDefinition(object)
                change(&definition)
                definition.object[path: "metadata", "resourceVersion"] = nil
                return definition.object
            }
        } catch let status as APIStatus where status.reason == .notFound {
            return
        }
    }

    // MARK: Deletion

    private func cleanUp(_ name: String) async {
        var delay = Duration.milliseconds(200)
        while !Task.isCancelled {
            do {
                try await removeInstances(of: name)
                return
            } catch {
                guard !Task.isCancelled else { return }
                logger.error(
                    "objects of a definition were not removed",
                    metadata: ["definition": "\(name)", "error": "\(error)"])
                try? await Task.sleep(for: delay)
                delay = min(delay * 2, .seconds(30))
            }
        }
    }

    private func removeInstances(of name: String) async throws {
        let now = clock.now
        try await write(name) { definition in
            definition.status.setCondition(
                "Terminating", .true, reason: "InstanceDeletionInProgress",
                message: "CustomResource deletion is in progress", now: now)
        }
        let key = ObjectKey(resource: CustomResourceDefinition.resource, name: name)
        guard let stored = store.get(key) else { return }
        let wasEstablished = try CustomResourceDefinition(decoding: stored).status.isTrue("Established")
        if wasEstablished { try await deleteAll(name) }
        let end = clock.now
        try await write(name) { definition in
            definition.status.setCondition(
                "Terminating", .false,
                reason: wasEstablished ? "InstanceDeletionCompleted" : "NeverEstablished",
                message: wasEstablished ? "removed all instances" : "resource was never established", now: end
            )
            definition.finalizers.removeAll { $0 == CustomResourceDefinition.cleanupFinalizer }
        }
        table.refresh(name)
    }

    /// Returns when no object is left: those with finalizers take their time.
    private func deleteAll(_ storageName: String) async throws {
        guard let resource = table.stored(storageName) else { return }
        let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let subscription = try store.subscribe(
            storageName, namespace: nil, after: store.list(storageName, namespace: nil).revision
        ) { signal.yield() }
        defer { subscription.cancel() }
        signal.yield()
        for await _ in signals {
            while try !subscription.next(maximum: 256).isEmpty {}
            let left = store.list(storageName, namespace: nil).objects
            if left.isEmpty { return }
            for object in left {
                guard let decoded = try? APIObject(decoding: object), !decoded.isBeingDeleted else {
                    continue
                }
                do {
                    _ = try await registry.delete(
                        resource, namespace: object.key.namespace, name: object.key.name,
                        options: DeleteOptions(), context)
                } catch let status as APIStatus where status.reason == .notFound {
                    continue
                }
            }
            if store.count(storageName) == 0 { return }
        }
        try Task.checkCancellation()
    }

    /// Which definitions are being cleaned up; the same one never twice at once.
    private final class CleaningTable: Sendable {
        private let names = Mutex<Set<String>>([])

        func begin(_ name: String) -> Bool { names.withLock { $0.insert(name).inserted } }
        func end(_ name: String) { _ = names.withLock { $0.remove(name) } }
    }
}

/// The condition that tells of the approval of groups that belong to Kubernetes itself.
private enum Approval {
    static func setCondition(
        _ status: inout CustomResourceDefinitionStatus, _ definition: CustomResourceDefinition, now: Timestamp
    ) {
        guard
            ["k8s.io", "kubernetes.io"].contains(where: {
                definition.group == $0 || definition.group.hasSuffix(".\($0)")
            })
        else { return }
        let annotation = definition[annotation: "api-approved.kubernetes.io"] ?? ""
        let type = "KubernetesAPIApprovalPolicyConformant"
        if annotation.hasPrefix("unapproved") {
            status.setCondition(
                type, .false, reason: "UnapprovedAnnotation", message: "not approved: \"\(annotation)\"",
                now: now)
        } else if !annotation.isEmpty {
            status.setCondition(
                type, .true, reason: "ApprovedAnnotation", message: "approved in \(annotation)", now: now)
        }
    }
}
