/// What a request's method and path mean, by the path rules of Kubernetes' API:
/// `/api/v1/...` and `/apis/<group>/<version>/...`, then `namespaces/<namespace>/<resource>/<name>/<subresource>`
/// or the same without a namespace. Everything else is a non-resource path such as `/healthz`.
public struct RequestInfo: Sendable, Equatable {
    public enum Verb: String, Sendable {
        case get, list, watch, create, update, patch, delete, deletecollection
    }

    /// What RBAC calls the request; for a non-resource path the method in lower case.
    public var verb: String
    public var isResourceRequest = false
    public var path: String
    public var group = ""
    public var version = ""
    public var namespace = ""
    public var resource = ""
    public var subresource = ""
    public var name = ""
    /// What follows the subresource, as in `pods/web/proxy/metrics`.
    public var remainder: [String] = []

    public var resourceVerb: Verb? { Verb(rawValue: verb) }

    /// `deployments.apps`, as messages and storage keys name the resource.
    public var qualifiedResource: String { group.isEmpty ? resource : "\(resource).\(group)" }

    /// `pods/exec`: how RBAC rules name a subresource.
    public var resourceAndSubresource: String {
        subresource.isEmpty ? resource : "\(resource)/\(subresource)"
    }

    /// - Parameters:
    ///   - segments: the percent-decoded parts of the path without empty ones.
    ///   - isWatch: whether the query has `watch=true`.
    public init(method: String, path: String, segments: [String], isWatch: Bool = false) {
        self.path = path
        verb = method.lowercased()
        guard let rest = Self.versionPrefix(segments) else { return }
        group = rest.group
        version = rest.version
        var parts = rest.parts
        guard let first = parts.first else { return }
        isResourceRequest = true
        // `namespaces/x` is the object itself, `namespaces/x/pods` something in it; its own subresources are known.
        if first == "namespaces", parts.count > 1 {
            namespace = parts[1]
            if parts.count > 2, parts[2] != "status", parts[2] != "finalize" { parts.removeFirst(2) }
        }
        resource = parts[0]
        if parts.count > 1 { name = parts[1] }
        if parts.count > 2 { subresource = parts[2] }
        if parts.count > 3 { remainder = Array(parts[3...]) }
        verb = Self.verb(method: method, hasName: !name.isEmpty, isWatch: isWatch)
    }

    private static func versionPrefix(_ segments: [String]) -> (
        group: String, version: String, parts: [String]
    )? {
        switch segments.first {
        case "api" where segments.count >= 2: ("", segments[1], Array(segments[2...]))
        case "apis" where segments.count >= 3: (segments[1], segments[2], Array(segments[3...]))
        default: nil
        }
    }

    private static func verb(method: String, hasName: Bool, isWatch: Bool) -> String {
        switch method {
        case "GET", "HEAD": hasName ? "get" : isWatch ? "watch" : "list"
        case "POST": "create"
        case "PUT": "update"
        case "PATCH": "patch"
        case "DELETE": hasName ? "delete" : "deletecollection"
        default: method.lowercased()
        }
    }
}
