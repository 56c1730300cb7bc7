internal import EdgeAPI
internal import EdgeBase
internal import EdgeStorage
internal import Synchronization

/// The resources that CustomResourceDefinitions add to the API. Built-in resources are looked up first and
/// know nothing of this table; a change of a definition makes a new snapshot.
final class CustomResourceTable: Sendable {
    private struct State {
        /// By the definition's name, which is the storage name of its objects too.
        var families: [String: CustomResourceFamily] = [:]
        /// The names by which a definition's objects are served, once they are accepted; by uid.
        var accepted: [String: CustomResourceNames] = [:]
        var byResource: [GroupVersionResource: ResourceDefinition] = [:]
        var sorted: [ResourceDefinition] = []
        var openAPI: OpenAPIDocuments
    }

    private let store: ObjectStore
    private let version: String
    private let state: Mutex<State>

    init(store: ObjectStore, version: String) {
        self.store = store
        self.version = version
        state = Mutex(State(openAPI: OpenAPIDocuments(schema: .shared, version: version)))
    }

    // MARK: Reading

    func find(group: String, version: String, resource: String) -> ResourceDefinition? {
        state.withLock {
            $0.byResource[GroupVersionResource(group: group, version: version, resource: resource)]
        }
    }

    /// The definition of the version in which objects of a storage name are kept.
    func stored(_ storageName: String) -> ResourceDefinition? {
        guard let family = state.withLock({ $0.families[storageName] }),
            let version = family.version(family.storageVersion)
        else { return nil }
        return CustomResource(family, version).definition
    }

    func family(_ name: String) -> CustomResourceFamily? { state.withLock { $0.families[name] } }

    /// Built-in resources and, behind them, those of definitions.
    var served: [ResourceDefinition] {
        let custom = state.withLock(\.sorted)
        return custom.isEmpty ? ServedResources.all : ServedResources.all + custom
    }

    var openAPI: OpenAPIDocuments { state.withLock(\.openAPI) }

    // MARK: Changing

    /// Reads all definitions, at the start.
    func load() throws {
        for object in store.list(CustomResourceDefinition.resource, namespace: "").objects {
            refresh(object.key.name)
        }
    }

    /// Brings the whole table up to date, for who has heard of a change and wants to see it here.
    func refreshAll() {
        let known = state.withLock { Set($0.families.keys) }
        let stored = store.list(CustomResourceDefinition.resource, namespace: "").objects.map(\.key.name)
        for name in known.union(stored) { refresh(name) }
    }

    /// Serves a definition's objects under these names from now on: called before its status says so, so that
    /// nobody who has seen the status finds nothing there.
    func accept(_ names: CustomResourceNames, of definition: CustomResourceDefinition) {
        state.withLock { $0.accepted[definition.uid] = names }
        refresh(definition.name, isForced: true)
    }

    /// Brings the table up to date with a definition as it is stored; what has come already is no harm.
    func refresh(_ name: String, isForced: Bool = false) {
        let ended = state.withLock { state -> CustomResourceLifetime? in
            let old = state.families[name]
            guard let stored = store.get(ObjectKey(resource: CustomResourceDefinition.resource, name: name)),
                let definition = try? CustomResourceDefinition(decoding: stored)
            else {
                guard let old else { return nil }
                state.families[name] = nil
                state.accepted[old.uid] = nil
                rebuild(&state)
                return old.lifetime
            }
            if !isForced, let old, old.source.revision >= stored.revision { return nil }
            let family = Self.family(definition, stored, old: old, state.accepted[definition.uid])
            if let family { state.accepted[family.uid] = family.names }
            state.families[name] = family
            rebuild(&state)
            return family?.lifetime === old?.lifetime ? nil : old?.lifetime
        }
        ended?.end()
    }

    private static func family(
        _ definition: CustomResourceDefinition, _ stored: EncodedObject, old: CustomResourceFamily?,
        _ accepted: CustomResourceNames?
    ) -> CustomResourceFamily? {
        let status = definition.status
        let isAccepted = status.isTrue("NamesAccepted") || status.isTrue("Established")
        let names = isAccepted ? status.acceptedNames : accepted
        guard let names, !names.plural.isEmpty, !names.kind.isEmpty else { return nil }
        return CustomResourceFamily(
            definition, source: stored, names: names, rules: CELRuleEngine(), succeeding: old)
    }

    private func rebuild(_ state: inout State) {
        state.sorted = state.families.values.sorted {
            ($0.group, $0.names.plural) < ($1.group, $1.names.plural)
        }
        .flatMap { family in
            family.versions.filter(\.isServed).map { CustomResource(family, $0).definition }
        }
        .filter { resource in
            // A built-in resource cannot be replaced.
            ServedResources.find(
                group: resource.group, version: resource.version, resource: resource.resource) == nil
        }
        state.byResource = Dictionary(
            state.sorted.map { ($0.groupVersionResource, $0) }, uniquingKeysWith: { first, _ in first })
        state.openAPI = OpenAPIDocuments(
            schema: .shared, version: version, customKinds: state.sorted.compactMap(CustomKind.init))
    }
}

extension ResourceDefinition {
    /// What clients are told who use a version that is deprecated.
    var deprecationWarning: String? {
        guard let version = custom?.version, version.isDeprecated else { return nil }
        return version.deprecationWarning ?? "\(apiVersion) \(kind) is deprecated"
    }

    /// A resource of which nothing but its name is known.
    static func unknown(_ storageName: String) -> ResourceDefinition {
        let parts = storageName.split(separator: ".", maxSplits: 1).map(String.init)
        return ResourceDefinition(
            group: parts.count > 1 ? parts[1] : "", version: "", resource: parts.first ?? "", kind: "",
            isNamespaced: true)
    }
}
