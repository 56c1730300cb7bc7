internal import EdgeAPI
internal import EdgeJSON

/// The documents of one group or version each, as the first Kubernetes had them.
enum LegacyDiscovery {
    static func coreVersions(_ groups: [DiscoveryGroup]) -> JSONValue {
        let versions = groups.first(where: \.isCore)?.versions.map { JSONValue.string($0.name) } ?? []
        return ["kind": "APIVersions", "versions": .array(versions), "serverAddressByClientCIDRs": []]
    }

    static func groupList(_ groups: [DiscoveryGroup]) -> JSONValue {
        [
            "kind": "APIGroupList", "apiVersion": "v1",
            "groups": .array(groups.filter { !$0.isCore }.map { .object(content($0)) }),
        ]
    }

    static func group(_ group: DiscoveryGroup) -> JSONValue {
        var object: JSONObject = ["kind": "APIGroup", "apiVersion": "v1"]
        for member in content(group) { object.append(member) }
        return .object(object)
    }

    private static func content(_ group: DiscoveryGroup) -> JSONObject {
        let versions = group.versions.map { version -> JSONValue in
            ["groupVersion": .string(group.groupVersion(version)), "version": .string(version.name)]
        }
        return [
            "name": .string(group.name), "versions": .array(versions), "preferredVersion": versions.first ?? [:],
        ]
    }

    static func resources(_ version: DiscoveryGroup.Version, in group: DiscoveryGroup) -> JSONValue {
        var entries: [JSONValue] = []
        for resource in version.resources {
            entries.append(entry(resource))
            for subresource in resource.subresources.sorted(by: { $0.name < $1.name }) {
                entries.append(entry(subresource, of: resource))
            }
        }
        return [
            "kind": "APIResourceList", "apiVersion": "v1",
            "groupVersion": .string(group.groupVersion(version)), "resources": .array(entries),
        ]
    }

    private static func entry(_ resource: ResourceDefinition) -> JSONValue {
        var entry: JSONObject = [
            "name": .string(resource.resource), "singularName": .string(resource.singular),
            "namespaced": .bool(resource.isNamespaced), "kind": .string(resource.kind),
            "verbs": .array(resource.verbs.names.map(JSONValue.string)),
        ]
        if !resource.shortNames.isEmpty { entry["shortNames"] = .array(resource.shortNames.map(JSONValue.string)) }
        if !resource.categories.isEmpty { entry["categories"] = .array(resource.categories.map(JSONValue.string)) }
        if resource.isStored {
            entry["storageVersionHash"] = .string(
                Fingerprint.text(of: Array("\(resource.apiVersion)/\(resource.kind)".utf8)))
        }
        return .object(entry)
    }

    private static func entry(_ subresource: SubresourceDefinition, of resource: ResourceDefinition) -> JSONValue {
        var entry: JSONObject = [
            "name": .string("\(resource.resource)/\(subresource.name)"), "singularName": "",
            "namespaced": .bool(resource.isNamespaced),
        ]
        if subresource.kind.group != resource.group || subresource.kind.version != resource.version {
            if !subresource.kind.group.isEmpty { entry["group"] = .string(subresource.kind.group) }
            entry["version"] = .string(subresource.kind.version)
        }
        entry["kind"] = .string(subresource.kind.kind)
        entry["verbs"] = .array(subresource.verbs.names.map(JSONValue.string))
        return .object(entry)
    }

    /// What `/` answers: the paths that there are.
    static func paths(_ groups: [DiscoveryGroup]) -> JSONValue {
        var paths = ["/.well-known/openid-configuration", "/api", "/apis", "/healthz", "/livez", "/metrics"]
        paths += ["/openapi/v2", "/openapi/v3", "/openid/v1/jwks", "/readyz", "/version"]
        for group in groups {
            if !group.isCore { paths.append("/apis/\(group.name)") }
            for version in group.versions {
                paths.append((group.isCore ? "/api/" : "/apis/") + group.groupVersion(version))
            }
        }
        return ["paths": .array(paths.sorted().map(JSONValue.string))]
    }
}
