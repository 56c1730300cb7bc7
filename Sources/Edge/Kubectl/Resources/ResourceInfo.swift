internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// One object that a command works on: which resource it is of, where it lives, and its content where that
/// is known.
struct ResourceInfo: Sendable {
    var resource: APIResource
    var namespace: String
    var name: String
    var object: APIObject?
    /// The file it comes from; empty for objects from the server.
    var source: String = ""

    init(
        resource: APIResource, namespace: String, name: String, object: APIObject? = nil, source: String = ""
    ) {
        self.resource = resource
        self.namespace = resource.isNamespaced ? namespace : ""
        self.name = name
        self.object = object
        self.source = source
    }

    /// `deployment.apps/web`; by the kind of the content, which for a subresource (`scale`) is another.
    var displayName: String {
        let kind = content.kind
        guard !kind.isEmpty else { return "\(resource.kindName)/\(name)" }
        let group = splitAPIVersion(content.apiVersion).group
        return "\(kind.lowercased())\(group.isEmpty ? "" : ".\(group)")/\(name)"
    }

    /// The content; an empty object where it is not known.
    var content: APIObject { object ?? APIObject(JSONObject()) }

    func path(subresource: String? = nil) -> String {
        RESTPath.path(resource, namespace: namespace, name: name, subresource: subresource)
    }

    /// The same object with content that the server sent.
    func refreshed(_ value: JSONValue) -> ResourceInfo {
        var info = self
        info.object = APIObject(value)
        if let name = info.object?.name, !name.isEmpty { info.name = name }
        return info
    }
}
