internal import EdgeAPI
internal import EdgeJSON
internal import EdgeTransport

extension APIServer {
    /// How long another server may take for its answer's head, where that is not meant to take long.
    private static let patience = Duration.seconds(60)

    /// Registers what this server serves, and watches over those that others serve, until the task is cancelled.
    public func runAggregation() async {
        await APIServiceController(server: self).run()
    }

    /// Hands a request on to the server that serves its group and version.
    func passOn(
        _ request: HTTPServerRequest, to service: AggregatedService, _ user: UserInfo
    ) -> HTTPHandling {
        guard service.isAvailable else { return .now(.text(503, "service unavailable\n")) }
        let info = RequestInfo(
            method: request.method.text, path: request.path, segments: request.segments,
            isWatch: request.queryValue("watch").map { $0 != "false" && $0 != "0" } ?? false)
        let isLong = info.verb == "watch" || ["log", "proxy"].contains(info.subresource)
        return .later { [outbound] in
            do {
                return try await HTTPForwarder.forward(
                    request, to: service.url(request.rawTarget),
                    by: outbound.client(for: service.destination), headers: user.forwardedFields,
                    timeout: isLong ? nil : Self.patience)
            } catch {
                return .text(503, "error trying to reach service: \(error)\n")
            }
        }
    }

    /// The ConfigMap by which extension API servers know whom to believe.
    public func publishAuthentication() async throws {
        var data: JSONObject = [:]
        if !configuration.clientCA.isEmpty { data["client-ca-file"] = .string(configuration.clientCA) }
        if let frontProxy = configuration.frontProxyName, !configuration.requestHeaderCA.isEmpty {
            data["requestheader-allowed-names"] = .string("[\"\(frontProxy)\"]")
            data["requestheader-client-ca-file"] = .string(configuration.requestHeaderCA)
            data["requestheader-extra-headers-prefix"] = "[\"X-Remote-Extra-\"]"
            data["requestheader-group-headers"] = "[\"X-Remote-Group\"]"
            data["requestheader-uid-headers"] = "[\"X-Remote-Uid\"]"
            data["requestheader-username-headers"] = "[\"X-Remote-User\"]"
        }
        var map = APIObject(
            apiVersion: "v1", kind: "ConfigMap", namespace: "kube-system",
            name: "extension-apiserver-authentication")
        map["data"] = .object(data)
        try await put("configmaps", map)
    }
}
