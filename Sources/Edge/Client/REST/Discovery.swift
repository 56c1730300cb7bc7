internal import EdgeAPI
internal import EdgeJSON

/// Reads which resources a server has: in two requests where it knows aggregated discovery, else one for
/// each group and version.
public struct Discovery: Sendable {
    /// Every resource of every version that is served, preferred versions first within a group; and what
    /// could not be read, by `group/version`.
    public struct Answer: Sendable {
        public var resources: [APIResource] = []
        public var failures: [String: String] = [:]
        /// `v1`, `apps/v1`, ... in the server's order.
        public var groupVersions: [String] = []

        public init() {}
    }

    private let client: RESTClient

    public init(_ client: RESTClient) {
        self.client = client
    }

    public func read() async throws -> Answer {
        var answer = Answer()
        for root in ["/api", "/apis"] {
            let value: JSONValue
            do {
                value = try await client.json(
                    RESTRequest("GET", root, headers: [.init("Accept", Self.accept)]))
            } catch let status as APIStatus where status.reason == .notFound || status.reason == .forbidden {
                continue
            }
            switch value["kind"]?.string {
            case "APIGroupDiscoveryList": Self.readAggregated(value, into: &answer)
            case "APIVersions": try await readLegacyCore(value, into: &answer)
            default: try await readLegacyGroups(value, into: &answer)
            }
        }
        return answer
    }

    private static let accept =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
        + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"

    private static func readAggregated(_ list: JSONValue, into answer: inout Answer) {
        for group in list["items"]?.array ?? [] {
            let groupName = group["metadata"]?["name"]?.string ?? ""
            for version in group["versions"]?.array ?? [] {
                let versionName = version["version"]?.string ?? ""
                let groupVersion = groupName.isEmpty ? versionName : "\(groupName)/\(versionName)"
                answer.groupVersions.append(groupVersion)
                if version["freshness"]?.string == "Stale" {
                    answer.failures[groupVersion] = "stale GroupVersion discovery: \(groupVersion)"
                }
                for resource in version["resources"]?.array ?? [] {
                    answer.resources.append(
                        aggregatedResource(resource, group: groupName, version: versionName))
                }
            }
        }
    }

    private static func aggregatedResource(
        _ value: JSONValue, group: String, version: String
    ) -> APIResource {
        APIResource(
            group: group, version: version, name: value["resource"]?.string ?? "",
            singularName: value["singularResource"]?.string ?? "",
            kind: value["responseKind"]?["kind"]?.string ?? "",
            isNamespaced: value["scope"]?.string == "Namespaced",
            shortNames: value["shortNames"]?.strings ?? [],
            categories: value["categories"]?.strings ?? [], verbs: value["verbs"]?.strings ?? [],
            subresources: (value["subresources"]?.array ?? []).compactMap { $0["subresource"]?.string })
    }

    private func readLegacyCore(_ value: JSONValue, into answer: inout Answer) async throws {
        for version in value["versions"]?.strings ?? [] {
            await readLegacy(group: "", version: version, into: &answer)
        }
    }

    private func readLegacyGroups(_ value: JSONValue, into answer: inout Answer) async throws {
        for group in value["groups"]?.array ?? [] {
            let name = group["name"]?.string ?? ""
            let versions = (group["versions"]?.array ?? []).compactMap { $0["version"]?.string }
            let preferred = group["preferredVersion"]?["version"]?.string
            for version in versions.filter({ $0 == preferred }) + versions.filter({ $0 != preferred }) {
                await readLegacy(group: name, version: version, into: &answer)
            }
        }
    }

    private func readLegacy(group: String, version: String, into answer: inout Answer) async {
        let groupVersion = group.isEmpty ? version : "\(group)/\(version)"
        answer.groupVersions.append(groupVersion)
        do {
            let list = try await client.json(
                RESTRequest("GET", RESTPath.root(group: group, version: version)))
            answer.resources += Self.legacyResources(list, group: group, version: version)
        } catch {
            answer.failures[groupVersion] = "\(error)"
        }
    }

    /// The resources of an APIResourceList, with subresources folded into what they belong to.
    private static func legacyResources(
        _ list: JSONValue, group: String, version: String
    ) -> [APIResource] {
        var resources: [APIResource] = []
        var subresources: [String: [String]] = [:]
        for value in list["resources"]?.array ?? [] {
            let name = value["name"]?.string ?? ""
            if let slash = name.firstIndex(of: "/") {
                let parent = String(name[..<slash])
                subresources[parent, default: []].append(String(name[name.index(after: slash)...]))
                continue
            }
            resources.append(
                APIResource(
                    group: group, version: version, name: name,
                    singularName: value["singularName"]?.string ?? "", kind: value["kind"]?.string ?? "",
                    isNamespaced: value["namespaced"]?.bool ?? false,
                    shortNames: value["shortNames"]?.strings ?? [],
                    categories: value["categories"]?.strings ?? [], verbs: value["verbs"]?.strings ?? []))
        }
        for index in resources.indices {
            resources[index].subresources = subresources[resources[index].name] ?? []
        }
        return resources
    }
}
