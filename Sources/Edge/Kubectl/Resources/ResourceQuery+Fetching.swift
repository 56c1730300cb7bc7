internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

extension ResourceQuery {
    /// Objects with what went wrong on the way to the others.
    struct Fetched: Sendable {
        var infos: [ResourceInfo] = []
        var errors: [any Error] = []
        var isSingleItem = false
        /// Of the last list; empty for single objects.
        var listResourceVersion = ""
    }

    /// The objects as they are on the server.
    func fetch(_ session: Session, subresource: String? = nil) async throws -> Fetched {
        let plan = try await plan(session)
        let client = try session.resources()
        var fetched = Fetched(isSingleItem: plan.isSingleItem)
        for target in plan.targets {
            do {
                switch target {
                case .object(let info), .manifest(let info):
                    let value = try await client.get(info, subresource: subresource)
                    fetched.infos.append(info.refreshed(value))
                case .list(let resource, let selection):
                    if subresource != nil {
                        throw KubectlError("subresource cannot be used when bulk resources are specified")
                    }
                    let (objects, version) = try await client.list(resource, selection)
                    fetched.listResourceVersion = version
                    fetched.infos += objects.map { Self.info(resource, $0) }
                }
            } catch {
                if stopsAtFirstError || error is CancellationError { throw error }
                fetched.errors.append(error)
            }
        }
        return fetched
    }

    /// The objects as they are on the server; throws if any could not be read.
    func fetchAll(_ session: Session) async throws -> [ResourceInfo] {
        let fetched = try await fetch(session)
        try KubectlErrors.throwIfAny(fetched.errors)
        return fetched.infos
    }

    /// The objects of the files as they stand there.
    func manifests(_ session: Session) async throws -> [ResourceInfo] {
        try await plan(session).targets.compactMap { target in
            if case .manifest(let info) = target { info } else { nil }
        }
    }

    static func info(_ resource: APIResource, _ object: APIObject) -> ResourceInfo {
        ResourceInfo(resource: resource, namespace: object.namespace, name: object.name, object: object)
    }
}
