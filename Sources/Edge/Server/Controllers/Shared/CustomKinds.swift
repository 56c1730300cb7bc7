internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import Synchronization

/// The kinds that CustomResourceDefinitions add to the cluster, for controllers that look after all kinds.
final class CustomKinds: Sendable {
    /// One established definition.
    struct Kind: Sendable, Equatable {
        let storageName: String
        let group: String
        let kind: String
        let versions: Set<String>
        let isNamespaced: Bool

        init?(_ object: EncodedObject) {
            guard let definition = try? CustomResourceDefinition(decoding: object),
                definition.status.isTrue("Established")
            else { return nil }
            storageName = definition.storageName
            group = definition.group
            kind = definition.status.acceptedNames.kind
            versions = Set(definition.versions.map(\.name))
            isNamespaced = definition.isNamespaced
        }
    }

    typealias Handler = @Sendable (_ added: [Kind], _ removed: [Kind]) -> Void

    private struct State {
        var kinds: [String: Kind] = [:]
        var handlers: [Handler] = []
    }

    private let state = Mutex(State())

    init(_ context: ControllerContext) {
        context.informers.informer(CustomResourceDefinition.resource).addHandler { [weak self] changes in
            for change in changes { self?.apply(change) }
        }
    }

    /// Hears of what is there at once, and of each change.
    func addHandler(_ handler: @escaping Handler) {
        let present = state.withLock { state in
            state.handlers.append(handler)
            return Array(state.kinds.values)
        }
        if !present.isEmpty { handler(present, []) }
    }

    var all: [Kind] { state.withLock { Array($0.kinds.values) } }

    func find(_ kind: GroupVersionKind) -> Kind? {
        state.withLock { state in
            state.kinds.values.first {
                $0.kind == kind.kind && $0.group == kind.group && $0.versions.contains(kind.version)
            }
        }
    }

    private func apply(_ change: ObjectChange) {
        let name = change.object.key.name
        let kind = change.kind == .deleted ? nil : Kind(change.object)
        let (old, handlers) = state.withLock { state in
            let old = state.kinds[name]
            state.kinds[name] = kind
            return (old, state.handlers)
        }
        let isNew = kind != nil && old == nil
        let isGone = kind == nil && old != nil
        guard isNew || isGone else { return }
        for handler in handlers {
            handler(isNew ? [kind].compactMap(\.self) : [], isGone ? [old].compactMap(\.self) : [])
        }
    }
}
