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
        verb = method
        guard var next = readGroup(segments), next < segments.count else {
            verb = method.lowercased()
            return
        }
        isResourceRequest = true
        // `namespaces/x` is the object itself, `namespaces/x/pods` something in it; its own subresources are known.
        if segments[next] == "namespaces", next + 1 < segments.count {
            namespace = segments[next + 1]
            if next + 2 < segments.count, segments[next + 2] != "status", segments[next + 2] != "finalize" {
                next += 2
            }
        }
        resource = segments[next]
        if next + 1 < segments.count { name = segments[next + 1] }
        if next + 2 < segments.count { subresource = segments[next + 2] }
        if next + 3 < segments.count { remainder = Array(segments[(next + 3)...]) }
        verb = Self.verb(method: method, hasName: !name.isEmpty, isWatch: isWatch)
    }

    /// Takes group and version; returns where the resource begins, nil for a path of no group.
    private mutating func readGroup(_ segments: [String]) -> Int? {
        guard segments.count >= 2 else { return nil }
        if segments[0] == "api" {
            version = segments[1]
            return 2
        }
        guard segments[0] == "apis", segments.count >= 3 else { return nil }
        group = segments[1]
        version = segments[2]
        return 3
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
