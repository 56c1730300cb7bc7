internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage
internal import Synchronization

/// The flow schemas and priority levels that are in force: the built-in ones, in the form that the stored objects give
/// them. Compiled again when one of the objects changes.
final class FlowTable: Sendable {
    private struct State {
        var version = -1
        var schemas: [FlowSchema] = []
        var levels: [String: PriorityLevel] = [:]
    }

    /// How many requests may be at work at a time: kube-apiserver's 400 reading and 200 writing ones.
    static let totalSeats = 600

    private let store: ObjectStore
    private let version = VersionCounter()
    private let subscriptions: [Subscription]
    private let state = Mutex(State())

    init(store: ObjectStore) {
        self.store = store
        subscriptions = [FairnessObjects.schemas, FairnessObjects.levels].compactMap { [version] resource in
            try? store.subscribe(resource, after: store.currentRevision) { version.advance() }
        }
    }

    /// The first schema that matches, by precedence.
    func schema(_ user: UserInfo, _ info: RequestInfo) -> FlowSchema? {
        for schema in schemas where schema.matches(user, info) { return schema }
        return nil
    }

    private var schemas: [FlowSchema] {
        let version = version.value
        return state.withLock { state in
            if state.version != version {
                state.version = version
                compile(&state)
            }
            return state.schemas
        }
    }

    /// The levels at work, for metrics.
    var levels: [PriorityLevel] {
        _ = schemas
        return state.withLock { $0.levels.values.sorted { $0.name < $1.name } }
    }

    private func compile(_ state: inout State) {
        let levels = objects(FairnessObjects.levels, FairnessObjects.bootstrapLevels)
        let shares = levels.map { Self.shares($0) }.reduce(0, +)
        var uids: [String: String] = [:]
        var known: [String: PriorityLevel] = [:]
        for object in levels {
            let configuration = Self.configuration(object, allShares: max(shares, 1))
            uids[object.name] = object.uid
            if let level = state.levels[object.name], level.isExempt == configuration.isExempt {
                level.configure(configuration)
                known[object.name] = level
            } else {
                known[object.name] = PriorityLevel(name: object.name, configuration)
            }
        }
        state.levels = known
        state.schemas = objects(FairnessObjects.schemas, FairnessObjects.bootstrapSchemas).compactMap {
            object in
            let name = object[path: "spec", "priorityLevelConfiguration", "name"]?.string ?? ""
            // One that names no level has no effect, as in Kubernetes (condition Dangling).
            return known[name].map { FlowSchema(object, level: $0, levelUID: uids[name] ?? "") }
        }
        .sorted { ($0.precedence, $0.name) < ($1.precedence, $1.name) }
    }

    /// What is stored, and of the built-in ones those that are not stored yet.
    private func objects(_ resource: String, _ bootstrap: [APIObject]) -> [APIObject] {
        let stored = store.list(resource).objects.compactMap { try? APIObject(decoding: $0) }
        let names = Set(stored.map(\.name))
        return stored + bootstrap.filter { !names.contains($0.name) }
    }

    private static func shares(_ object: APIObject) -> Int64 {
        guard object[path: "spec", "type"]?.string != "Exempt" else { return 0 }
        return object[path: "spec", "limited", "nominalConcurrencyShares"]?.int ?? 30
    }

    private static func configuration(_ object: APIObject, allShares: Int64) -> PriorityLevel.Configuration {
        guard object[path: "spec", "type"]?.string != "Exempt" else { return .init(isExempt: true) }
        var configuration = PriorityLevel.Configuration()
        let share = Double(shares(object)) / Double(allShares)
        configuration.seats = Int((Double(totalSeats) * share).rounded(.up))
        if object[path: "spec", "limited", "limitResponse", "type"]?.string == "Queue" {
            let queuing = object[path: "spec", "limited", "limitResponse"]?["queuing"] ?? .null
            configuration.queuing = QueueLimits(
                queues: Int(clamping: max(1, queuing["queues"]?.int ?? 64)),
                handSize: Int(clamping: max(1, queuing["handSize"]?.int ?? 8)),
                length: Int(clamping: max(1, queuing["queueLengthLimit"]?.int ?? 50)))
        }
        return configuration
    }
}
