internal import Synchronization

/// Finds the resource that a user, a manifest or an `ObjectKey` means. What the server has is read at the
/// first question and kept; an unknown name makes it read once more, since CRDs come and go.
public final class ResourceMapper: Sendable {
    private let read: @Sendable () async throws -> Discovery.Answer
    private let state = Mutex<Discovery.Answer?>(nil)

    public init(_ client: RESTClient) {
        read = { try await Discovery(client).read() }
    }

    /// With resources that are known beforehand.
    public init(resources: [APIResource]) {
        var answer = Discovery.Answer()
        answer.resources = resources
        read = { [answer] in answer }
    }

    /// What the server has.
    public func discovery() async throws -> Discovery.Answer {
        if let known = state.withLock({ $0 }) { return known }
        return try await refresh()
    }

    @discardableResult
    public func refresh() async throws -> Discovery.Answer {
        let answer = try await read()
        state.withLock { $0 = answer }
        return answer
    }

    /// The resource by what a user types: plural, singular or short name or kind, alone or with
    /// `.group` or `.version.group`. Throws `ResourceNotFound`.
    public func resource(named name: String) async throws -> APIResource {
        if let found = Self.find(name, in: try await discovery().resources) { return found }
        if let found = Self.find(name, in: try await refresh().resources) { return found }
        let parts = Self.parts(name)
        throw ResourceNotFound(resource: parts.resource, group: parts.suffix)
    }

    /// The resource of a manifest. Throws `KindNotFound`.
    public func resource(kind: String, apiVersion: String) async throws -> APIResource {
        let (group, version) = splitAPIVersion(apiVersion)
        func find(_ resources: [APIResource]) -> APIResource? {
            resources.first { $0.kind == kind && $0.group == group && $0.version == version }
        }
        if let found = find(try await discovery().resources) { return found }
        if let found = find(try await refresh().resources) { return found }
        throw KindNotFound(kind: kind, apiVersion: apiVersion)
    }

    /// The resources of a category (`all`), one version of each, or nil when there is no such category.
    public func resources(inCategory category: String) async throws -> [APIResource]? {
        let found = Self.onePerName(try await discovery().resources).filter {
            $0.categories.contains(category) && $0.verbs.contains("list")
        }
        return found.isEmpty ? nil : found
    }

    /// One version of each resource: the one the server prefers.
    public func preferredResources() async throws -> [APIResource] {
        Self.onePerName(try await discovery().resources)
    }

    private static func onePerName(_ resources: [APIResource]) -> [APIResource] {
        var seen = Set<String>()
        return resources.filter { seen.insert($0.qualifiedName).inserted }
    }

    private static func parts(_ name: String) -> (resource: String, suffix: String) {
        guard let dot = name.firstIndex(of: ".") else { return (name, "") }
        return (String(name[..<dot]), String(name[name.index(after: dot)...]))
    }

    private static func find(_ name: String, in resources: [APIResource]) -> APIResource? {
        let (resource, suffix) = parts(name.lowercased())
        let matching = suffix.isEmpty ? resources : resources.filter { matches($0, suffix: suffix) }
        return matching.first { $0.name == resource } ?? matching.first { $0.singularName == resource }
            ?? matching.first { $0.shortNames.contains(resource) }
            ?? matching.first { $0.kind.lowercased() == resource }
    }

    /// `apps`, `v1.apps`, the first parts of a longer group as kubectl accepts them, or `v1` and `v1.` for
    /// the core group.
    private static func matches(_ resource: APIResource, suffix: String) -> Bool {
        suffix == resource.group || suffix == "\(resource.version).\(resource.group)"
            || (resource.group.isEmpty && suffix == resource.version)
            || (!resource.group.isEmpty && resource.group.hasPrefix(suffix + "."))
    }
}

/// No resource goes by this name.
public struct ResourceNotFound: Error, Equatable, CustomStringConvertible {
    public let resource: String
    public let group: String

    public init(resource: String, group: String = "") {
        self.resource = resource
        self.group = group
    }

    /// kubectl's words, which leave the group out.
    public var description: String { "the server doesn't have a resource type \"\(resource)\"" }
}

/// No resource has this kind.
public struct KindNotFound: Error, Equatable, CustomStringConvertible {
    public let kind: String
    public let apiVersion: String

    public init(kind: String, apiVersion: String) {
        self.kind = kind
        self.apiVersion = apiVersion
    }

    public var description: String { "no matches for kind \"\(kind)\" in version \"\(apiVersion)\"" }
}
