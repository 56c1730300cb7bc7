internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
public import EdgeTransport
internal import NIOCore

/// The HTTP door: authentication, authorization, then the path decides. Reads are answered at once on the
/// connection's event loop; writes wait for the disk in a task of their own.
extension APIServer: HTTPRequestHandler {
    public func handle(_ request: HTTPServerRequest) -> HTTPHandling {
        let began = ContinuousClock.now
        let info = RequestInfo(
            method: request.method.text, path: request.path, segments: request.segments,
            isWatch: Self.isWatch(request))
        return metrics.measured(answer(request, info), info, request, from: began)
    }

    private func answer(_ request: HTTPServerRequest, _ info: RequestInfo) -> HTTPHandling {
        do {
            let real = try authenticator.user(of: request)
            let user = try impersonated(by: real, request)
            let record = audit?.record(request, info, real: real, acting: user, clock)
            let schema = fairness.table.schema(user, info)
            guard let schema, !schema.level.isExempt else {
                return finished(route(request, info, user, record), request, schema, record)
            }
            let handling = fairness.run(request, info, user, schema) { [self] in
                route(request, info, user, record)
            }
            return finished(handling, request, schema, record)
        } catch {
            let record = audit?.record(request, info, real: .anonymous, acting: .anonymous, clock)
            return finished(.now(Self.response(to: error)), request, nil, record)
        }
    }

    /// Carries a request out whose turn it is.
    private func route(
        _ request: HTTPServerRequest, _ info: RequestInfo, _ user: UserInfo, _ record: AuditRecord?
    ) -> HTTPHandling {
        do {
            if !Self.isPublic(request.path) { try authorize(user, info, record) }
            if let other = aggregation.service(for: request.segments) {
                return passOn(request, to: other, user)
            }
            return info.isResourceRequest
                ? try ResourceHandler(server: self, request: request, info: info, user: user, record: record)
                    .handle() : try pathResponse(request, user)
        } catch {
            return .now(Self.response(to: error))
        }
    }

    /// What every answer gets: by what it was let on, the audit's account, and gzip where it is asked for.
    private func finished(
        _ handling: HTTPHandling, _ request: HTTPServerRequest, _ schema: FlowSchema?, _ record: AuditRecord?
    ) -> HTTPHandling {
        @Sendable func finish(_ response: HTTPServerResponse) -> HTTPServerResponse {
            var response = response
            if let schema { response.headers.add(contentsOf: schema.headers) }
            if let record { response = record.answered(response) }
            return response.compressed(for: request)
        }
        return switch handling {
        case .now(let response): .now(finish(response))
        case .later(let produce): .later { finish(await produce()) }
        case .onLoop(let produce): .onLoop { finish(await produce()) }
        case .upgrade: handling
        }
    }

    /// Kubernetes' minute for whatever does not stay by its nature; less where the client says so.
    public func timeLimit(_ request: HTTPServerRequest) -> Duration? {
        let info = RequestInfo(
            method: request.method.text, path: request.path, segments: request.segments,
            isWatch: Self.isWatch(request))
        return info.isLongRunning ? nil : configuration.requestTimeout
    }

    public func timedOut(_ request: HTTPServerRequest) -> HTTPServerResponse {
        Self.response(
            to: APIStatus(
                code: 504, reason: "Timeout",
                message: "Timeout: request did not complete within the allotted timeout"))
    }

    public func rejection(_ error: HTTPSyntaxError) -> HTTPServerResponse {
        let reason: APIStatus.Reason = error.status == 413 ? .requestEntityTooLarge : .badRequest
        return Self.response(to: APIStatus(code: error.status.code, reason: reason, message: error.message))
    }

    /// Any failure as a Status object.
    static func response(to error: any Error) -> HTTPServerResponse {
        let status = error as? APIStatus ?? .internalError("\(error)")
        var response = HTTPServerResponse.json(HTTPStatus(status.code), status.value.encoded)
        if let seconds = status.details?.retryAfterSeconds, seconds > 0 {
            response.headers["Retry-After"] = String(seconds)
        }
        if status.code == 401 { response.headers["WWW-Authenticate"] = "Bearer" }
        return response
    }

    private static func isWatch(_ request: HTTPServerRequest) -> Bool {
        guard let value = request.queryValue("watch") else { return false }
        return value == "true" || value == "1" || value.isEmpty
    }

    /// What anybody may ask without credentials: health, version, and the CA by which a host joins.
    private static func isPublic(_ path: String) -> Bool {
        switch path {
        case "/healthz", "/livez", "/readyz", "/version", "/version/", "/cacerts": true
        default: path.hasPrefix("/livez/") || path.hasPrefix("/readyz/") || path.hasPrefix("/healthz/")
        }
    }

    // MARK: Impersonation

    /// The user that the request acts as, when its real one may act so.
    private func impersonated(by user: UserInfo, _ request: HTTPServerRequest) throws(APIStatus) -> UserInfo {
        guard request.headers.contains("impersonate-user") else {
            if request.headers.contains("impersonate-group") || request.headers.contains("impersonate-uid") {
                throw .badRequest("requested impersonation without impersonating a user")
            }
            return user
        }
        var acted = UserInfo(name: request.headers["impersonate-user"] ?? "")
        acted.groups = request.headers.values("impersonate-group")
        acted.uid = request.headers["impersonate-uid"] ?? ""
        for target in Self.impersonationTargets(acted) {
            let access = AccessRequest(user: user, verb: "impersonate", target: target.target)
            guard authorizer.authorize(access).isAllowed else {
                throw .forbidden(
                    target.resource, target.name,
                    "User \"\(user.name)\" cannot impersonate resource \"\(target.resource)\" in API group \"\" at the cluster scope"
                )
            }
        }
        if acted.groups.isEmpty, acted.name.hasPrefix("system:serviceaccount:") {
            let parts = acted.name.split(separator: ":")
            if parts.count == 4 {
                acted = .serviceAccount(namespace: String(parts[2]), name: String(parts[3]), uid: acted.uid)
            }
        }
        if acted.name != UserInfo.anonymous.name, !acted.isMember(of: UserInfo.Group.authenticated) {
            acted.groups.append(UserInfo.Group.authenticated)
        }
        return acted
    }

    private static func impersonationTargets(
        _ user: UserInfo
    ) -> [(resource: String, name: String, target: AccessRequest.Target)] {
        var targets: [(String, String, AccessRequest.Target)] = []
        let parts = user.name.split(separator: ":")
        if user.name.hasPrefix("system:serviceaccount:"), parts.count == 4 {
            targets.append(
                (
                    "serviceaccounts", String(parts[3]),
                    .resource(
                        group: "", resource: "serviceaccounts", subresource: "", namespace: String(parts[2]),
                        name: String(parts[3]))
                ))
        } else {
            targets.append(
                (
                    "users", user.name,
                    .resource(group: "", resource: "users", subresource: "", namespace: "", name: user.name)
                ))
        }
        for group in user.groups {
            targets.append(
                (
                    "groups", group,
                    .resource(group: "", resource: "groups", subresource: "", namespace: "", name: group)
                ))
        }
        if !user.uid.isEmpty {
            targets.append(
                (
                    "uids", user.uid,
                    .resource(
                        group: "authentication.k8s.io", resource: "uids", subresource: "", namespace: "",
                        name: user.uid)
                ))
        }
        return targets
    }
}
