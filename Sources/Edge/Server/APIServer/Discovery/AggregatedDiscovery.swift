internal import EdgeAPI
internal import EdgeJSON

/// Everything in one document: apidiscovery.k8s.io's APIGroupDiscoveryList.
enum AggregatedDiscovery {
    static func list(_ groups: [DiscoveryGroup], version: String) -> JSONValue {
        [
            "kind": "APIGroupDiscoveryList", "apiVersion": .string("apidiscovery.k8s.io/\(version)"),
            "metadata": [:], "items": .array(groups.map(item)),
        ]
    }

    private static func item(_ group: DiscoveryGroup) -> JSONValue {
        let metadata: JSONValue = group.isCore ? ["creationTimestamp": nil] : [
            "name": .string(group.name), "creationTimestamp": nil,
        ]
        let versions = group.versions.map { version -> JSONValue in
            [
                "version": .string(version.name), "resources": .array(version.resources.map(resource)),
                "freshness": "Current",
            ]
        }
        return ["metadata": metadata, "versions": .array(versions)]
    }

    private static func resource(_ resource: ResourceDefinition) -> JSONValue {
        var value: JSONObject = [
            "resource": .string(resource.resource),
            "responseKind": kind(resource.groupVersionKind),
            "scope": resource.isNamespaced ? "Namespaced" : "Cluster",
            "singularResource": .string(resource.singular),
            "verbs": .array(resource.verbs.names.map(JSONValue.string)),
        ]
        if !resource.shortNames.isEmpty { value["shortNames"] = .array(resource.shortNames.map(JSONValue.string)) }
        if !resource.categories.isEmpty { value["categories"] = .array(resource.categories.map(JSONValue.string)) }
        let subresources = resource.subresources.sorted { $0.name < $1.name }.map { subresource -> JSONValue in
            [
                "subresource": .string(subresource.name), "responseKind": kind(subresource.kind),
                "verbs": .array(subresource.verbs.names.map(JSONValue.string)),
            ]
        }
        if !subresources.isEmpty { value["subresources"] = .array(subresources) }
        return .object(value)
    }

    private static func kind(_ kind: GroupVersionKind) -> JSONValue {
        ["group": .string(kind.group), "version": .string(kind.version), "kind": .string(kind.kind)]
    }
}
