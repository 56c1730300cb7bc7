internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage
internal import Synchronization

/// The versions of groups that other servers serve, and what is known of their resources. A snapshot, made
/// again by the first request after a change.
final class AggregatedServices: Sendable {
    static let resource = "apiservices.apiregistration.k8s.io"

    private struct State {
        var version = -1
        var byPath: [String: AggregatedService] = [:]
        /// By APIService: the resources as aggregated discovery shows them.
        var discovered: [String: [JSONValue]] = [:]
    }

    private let store: ObjectStore
    private let version = VersionCounter()
    private let subscription: Subscription?
    private let state = Mutex(State())

    init(store: ObjectStore) {
        self.store = store
        subscription = try? store.subscribe(Self.resource, after: store.currentRevision) { [version] in
            version.advance()
        }
    }

    /// Who serves the path of these segments, when it is another server: `/apis/<group>/<version>...`.
    func service(for segments: [String]) -> AggregatedService? {
        guard segments.count >= 3, segments[0] == "apis" else { return nil }
        return current { state in
            state.byPath.isEmpty ? nil : state.byPath["\(segments[1])/\(segments[2])"]
        }
    }

    func service(group: String, version: String) -> AggregatedService? {
        service(for: ["apis", group, version])
    }

    var all: [AggregatedService] {
        current { $0.byPath.values.sorted { $0.name < $1.name } }
    }

    /// What is known of the resources of all of them.
    var discovery: [AggregatedDiscovery] {
        current { state in
            state.byPath.values.sorted { $0.name < $1.name }.map { service in
                AggregatedDiscovery(
                    group: service.group, version: service.version,
                    resources: state.discovered[service.name] ?? [], isCurrent: service.isAvailable)
            }
        }
    }

    func learn(_ resources: [JSONValue], of name: String) {
        state.withLock { $0.discovered[name] = resources }
    }

    private func current<Result>(_ body: (State) -> Result) -> Result {
        let version = version.value
        return state.withLock { state in
            if state.version != version { load(version, &state) }
            return body(state)
        }
    }

    private func load(_ version: Int, _ state: inout State) {
        let services = store.list(Self.resource, namespace: "").objects
            .compactMap { try? APIObject(decoding: $0) }.compactMap(AggregatedService.init)
        state.version = version
        state.byPath = Dictionary(
            services.map { ("\($0.group)/\($0.version)", $0) }, uniquingKeysWith: { first, _ in first })
        let names = Set(services.map(\.name))
        state.discovered = state.discovered.filter { names.contains($0.key) }
    }
}

/// One version of a group in discovery that another server serves.
struct AggregatedDiscovery: Sendable {
    let group: String
    let version: String
    /// `APIResourceDiscovery` objects.
    let resources: [JSONValue]
    let isCurrent: Bool

    /// The plain list of a server in the form of aggregated discovery.
    static func resources(_ list: JSONValue) -> [JSONValue] {
        let (group, version) = parts(list["groupVersion"]?.string ?? "")
        let entries = list["resources"]?.array ?? []
        func kind(_ entry: JSONValue) -> JSONValue {
            let ownGroup = entry["group"]?.string ?? ""
            let ownVersion = entry["version"]?.string ?? ""
            return [
                "group": .string(ownGroup.isEmpty && ownVersion.isEmpty ? group : ownGroup),
                "version": .string(ownVersion.isEmpty ? version : ownVersion), "kind": entry["kind"] ?? "",
            ]
        }
        var subresources: [String: [JSONValue]] = [:]
        for entry in entries {
            let names = (entry["name"]?.string ?? "").split(separator: "/", maxSplits: 1)
            guard names.count == 2 else { continue }
            subresources[String(names[0]), default: []].append([
                "subresource": .string(String(names[1])), "responseKind": kind(entry),
                "verbs": entry["verbs"] ?? [],
            ])
        }
        return entries.compactMap { entry in
            guard let name = entry["name"]?.string, !name.contains("/") else { return nil }
            var object: JSONObject = [
                "resource": .string(name), "responseKind": kind(entry),
                "scope": entry["namespaced"]?.bool == true ? "Namespaced" : "Cluster",
                "singularResource": entry["singularName"] ?? "", "verbs": entry["verbs"] ?? [],
            ]
            for key in ["shortNames", "categories"] {
                if let values = entry[key], values.array?.isEmpty == false { object[key] = values }
            }
            if let parts = subresources[name] { object["subresources"] = .array(parts) }
            return .object(object)
        }
    }

    private static func parts(_ groupVersion: String) -> (String, String) {
        let parts = groupVersion.split(separator: "/", maxSplits: 1).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : ("", parts.first ?? "")
    }
}
