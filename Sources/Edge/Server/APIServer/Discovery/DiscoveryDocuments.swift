internal import EdgeAPI
internal import EdgeJSON

/// Makes the documents of discovery from resource definitions.
struct DiscoveryDocuments {
    let groups: [APIGroupEntry]

    init(_ resources: [ResourceDefinition], _ aggregated: [AggregatedDiscovery] = []) {
        groups = GroupOrder.groups(of: resources, aggregated)
    }

    func group(_ name: String) -> APIGroupEntry? { groups.first { $0.name == name } }

    // MARK: - Legacy

    /// `/api`
    func coreVersions(serverAddress: String) -> JSONValue {
        let versions = group("")?.versions.map { JSONValue.string($0.version) } ?? []
        return [
            "kind": "APIVersions", "versions": .array(versions),
            "serverAddressByClientCIDRs": [
                ["clientCIDR": "0.0.0.0/0", "serverAddress": .string(serverAddress)]
            ],
        ]
    }

    /// `/apis`
    var groupList: JSONValue {
        let entries = groups.filter { !$0.name.isEmpty }.map { JSONValue.object(Self.members($0)) }
        return ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(entries)]
    }

    /// `/apis/<group>`
    func groupDocument(_ name: String) -> JSONValue? {
        guard !name.isEmpty, let group = group(name) else { return nil }
        var object = Self.members(group)
        object.prepend("apiVersion", "v1")
        object.prepend("kind", "APIGroup")
        return .object(object)
    }

    private static func members(_ group: APIGroupEntry) -> JSONObject {
        let versions = group.versions.map { entry -> JSONValue in
            ["groupVersion": .string("\(group.name)/\(entry.version)"), "version": .string(entry.version)]
        }
        return [
            "name": .string(group.name), "versions": .array(versions),
            "preferredVersion": versions.first ?? .object([:]),
        ]
    }

    /// `/api/v1` and `/apis/<group>/<version>`
    func resourceList(group name: String, version: String) -> JSONValue? {
        guard let entry = group(name)?.versions.first(where: { $0.version == version }) else { return nil }
        var object: JSONObject = ["kind": "APIResourceList"]
        if !name.isEmpty { object["apiVersion"] = "v1" }
        object["groupVersion"] = .string(name.isEmpty ? version : "\(name)/\(version)")
        object["resources"] = .array(entry.resources.flatMap(Self.legacyResources))
        return .object(object)
    }

    private static func legacyResources(_ resource: ResourceDefinition) -> [JSONValue] {
        var object: JSONObject = [
            "name": .string(resource.resource), "singularName": .string(resource.singular),
            "namespaced": .bool(resource.isNamespaced), "kind": .string(resource.kind),
            "verbs": strings(resource.verbs.names),
        ]
        if !resource.shortNames.isEmpty { object["shortNames"] = strings(resource.shortNames) }
        if !resource.categories.isEmpty { object["categories"] = strings(resource.categories) }
        if resource.isStored {
            let identity = "\(resource.storageGroup)/\(resource.storageVersion)/\(resource.kind)"
            object["storageVersionHash"] = .string(ContentHash.text(identity.utf8))
        }
        let subresources = resource.subresources.map { subresource -> JSONValue in
            var object: JSONObject = [
                "name": .string("\(resource.resource)/\(subresource.name)"), "singularName": "",
                "namespaced": .bool(resource.isNamespaced),
            ]
            if subresource.kind.group != resource.group || subresource.kind.version != resource.version {
                object["group"] = .string(subresource.kind.group)
                object["version"] = .string(subresource.kind.version)
            }
            object["kind"] = .string(subresource.kind.kind)
            object["verbs"] = strings(subresource.verbs.names)
            return .object(object)
        }
        return [.object(object)] + subresources
    }

    private static func strings(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }

    // MARK: - Aggregated

    /// `/api` or `/apis` with everything about their resources in one document of apidiscovery.k8s.io.
    func aggregated(core: Bool, version: String) -> JSONValue {
        let items = groups.filter { $0.name.isEmpty == core }.map { group -> JSONValue in
            [
                "metadata": .object(group.name.isEmpty ? [:] : ["name": .string(group.name)]),
                "versions": .array(group.versions.map(Self.aggregatedVersion)),
            ]
        }
        return [
            "kind": "APIGroupDiscoveryList", "apiVersion": .string("apidiscovery.k8s.io/\(version)"),
            "metadata": .object([:]), "items": .array(items),
        ]
    }

    private static func aggregatedVersion(_ entry: APIVersionEntry) -> JSONValue {
        if let other = entry.aggregated {
            return [
                "version": .string(entry.version), "resources": .array(other.resources),
                "freshness": other.isCurrent ? "Current" : "Stale",
            ]
        }
        return [
            "version": .string(entry.version), "resources": .array(entry.resources.map(aggregatedResource)),
            "freshness": "Current",
        ]
    }

    private static func aggregatedResource(_ resource: ResourceDefinition) -> JSONValue {
        var object: JSONObject = [
            "resource": .string(resource.resource), "responseKind": kind(resource.groupVersionKind),
            "scope": resource.isNamespaced ? "Namespaced" : "Cluster",
            "singularResource": .string(resource.singular), "verbs": strings(resource.verbs.names),
        ]
        if !resource.shortNames.isEmpty { object["shortNames"] = strings(resource.shortNames) }
        if !resource.categories.isEmpty { object["categories"] = strings(resource.categories) }
        if !resource.subresources.isEmpty {
            object["subresources"] = .array(
                resource.subresources.map { subresource in
                    [
                        "subresource": .string(subresource.name), "responseKind": kind(subresource.kind),
                        "verbs": strings(subresource.verbs.names),
                    ]
                })
        }
        return .object(object)
    }

    private static func kind(_ kind: GroupVersionKind) -> JSONValue {
        ["group": .string(kind.group), "version": .string(kind.version), "kind": .string(kind.kind)]
    }

    // MARK: - The root

    /// What is under `/`, sorted.
    var paths: [String] {
        var paths: Set = [
            "/.well-known/openid-configuration", "/api", "/apis", "/healthz", "/healthz/ping", "/livez",
            "/livez/ping", "/metrics", "/openapi/v2", "/openapi/v3", "/openapi/v3/", "/openid/v1/jwks",
            "/readyz",
            "/readyz/ping", "/version",
        ]
        for group in groups {
            let prefix = group.name.isEmpty ? "/api" : "/apis/\(group.name)"
            paths.insert(prefix)
            for version in group.versions { paths.insert("\(prefix)/\(version.version)") }
        }
        return paths.sorted()
    }
}
