internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// `kubectl create token`
enum CreateToken {
    static let spec = CommandSpec(
        "token", "Request a service account token", usage: "SERVICE_ACCOUNT_NAME",
        examples: ["kubectl create token myapp --duration 10m"],
        flags: FlagSets.output + [
            FlagSpec("audience", nil, .stringArray, "Who the token is meant for."),
            FlagSpec("bound-object-kind", nil, .string, "Pod, Secret or Node that the token dies with."),
            FlagSpec("bound-object-name", nil, .string, "Name of that object."),
            FlagSpec("bound-object-uid", nil, .string, "UID of that object."),
            FlagSpec("duration", nil, .duration, default: "0s", "How long the token lasts."),
        ],
        run: { call in
            guard call.arguments.count == 1, let name = call.arguments.first else {
                throw KubectlError.arguments(
                    "exactly one NAME is required, got \(call.arguments.count)")
            }
            let accounts = try APIResource.builtIn(apiVersion: "v1", kind: "ServiceAccount")
            let info = ResourceInfo(
                resource: accounts, namespace: try call.session.namespace(), name: name)
            let answer: JSONValue
            do {
                answer = try await call.session.resources()
                    .create(info, try body(call), subresource: "token")
            } catch let status as APIStatus {
                throw KubectlError("failed to create token: \(status.message)")
            }
            if let printer = try ObjectPrinter(call.flags) {
                return call.write(try printer.text(answer))
            }
            guard let token = answer.at("status", "token")?.string, !token.isEmpty else {
                throw KubectlError("failed to create token: no token in server response")
            }
            call.line(token)
        })

    private static func body(_ call: Invocation) throws -> JSONValue {
        var spec: JSONValue = ["audiences": .null]
        let audiences = call.flags.strings("audience")
        if !audiences.isEmpty { spec["audiences"] = .strings(audiences) }
        let duration = call.flags.duration("duration")
        if duration > .zero { spec["expirationSeconds"] = .int(Int64(duration.inSeconds)) }
        let kind = call.flags.string("bound-object-kind")
        let name = call.flags.string("bound-object-name")
        if kind.isEmpty {
            guard name.isEmpty, call.flags.string("bound-object-uid").isEmpty else {
                throw KubectlError("--bound-object-kind must be set if --bound-object-name is provided")
            }
        } else {
            guard ["Pod", "Secret", "Node"].contains(kind) else {
                throw KubectlError("supported --bound-object-kind values are Node, Pod, Secret")
            }
            guard !name.isEmpty else {
                throw KubectlError("--bound-object-name must be set if --bound-object-kind is provided")
            }
            var reference: JSONValue = ["apiVersion": "v1", "kind": .string(kind), "name": .string(name)]
            let uid = call.flags.string("bound-object-uid")
            if !uid.isEmpty { reference["uid"] = .string(uid) }
            spec["boundObjectRef"] = reference
        }
        return [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "metadata": [:], "spec": spec,
        ]
    }
}
