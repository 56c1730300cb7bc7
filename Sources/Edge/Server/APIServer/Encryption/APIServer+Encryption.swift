internal import EdgeAPI
internal import EdgeJSON
internal import EdgeStorage
internal import EdgeTransport
internal import NIOCore

/// `/v1-edge/encrypt`: what `edge secrets-encrypt` asks and orders. RBAC lets administrators in and nobody else.
extension APIServer {
    static let encryptionPath = "/v1-edge/encrypt"

    func encryptionResponse(_ request: HTTPServerRequest) throws -> HTTPHandling {
        guard let encryption = configuration.encryption else { throw Self.unknownPath }
        guard request.method != .get else { return .now(.json(200, encryption.status.encoded)) }
        guard request.method == .put else {
            throw APIStatus(
                code: 405, reason: .methodNotAllowed,
                message: "the server does not allow this method on the requested resource")
        }
        guard let order = try? JSONValue(parsing: request.body.readableBytesView),
            let action = order["action"]?.string
        else { throw APIStatus.badRequest("the body must name an action") }
        let force = order["force"]?.bool ?? false
        let skip = order["skip"]?.bool ?? false
        return .later { [self] in
            do {
                try await carryOut(action, force: force, skip: skip, encryption)
                return .json(200, encryption.status.encoded)
            } catch {
                return Self.response(to: APIStatus.badRequest("\(error)"))
            }
        }
    }

    private func carryOut(
        _ action: String, force: Bool, skip: Bool, _ encryption: SecretsEncryption
    ) async throws {
        switch action {
        case "enable": try encryption.enable()
        case "disable": try encryption.disable()
        case "prepare": try encryption.prepare(force: force)
        case "rotate": try encryption.rotate(force: force)
        case "reencrypt":
            try encryption.demandRotated(force: force)
            try await reencrypt(skip: skip, encryption)
        case "rotate-keys":
            try encryption.prepare(force: true)
            try encryption.rotate(force: true)
            try await reencrypt(skip: skip, encryption)
        default: throw APIStatus.badRequest("there is no action \"\(action)\"")
        }
    }

    private func reencrypt(skip: Bool, _ encryption: SecretsEncryption) async throws {
        try await store.rewrite(SecretsEncryption.resource)
        try encryption.finishReencryption(skip: skip)
    }
}
