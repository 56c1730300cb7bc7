internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// Approves the requests of nodes, signs approved ones, and removes finished ones after a while.
struct CertificateReconciler: Reconciler {
    static let controllerName = "certificate-controller"
    private static let keepFinished: Duration = .seconds(3600)
    private static let keepPending: Duration = .seconds(86400)
    private static let maximumSeconds: Int64 = 365 * 86400

    let name = Self.controllerName
    let client: any APIClient
    let requests: Informer
    let signer: any CertificateSigner
    let clock: any WallClock

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        guard let request = try requests.view(key, as: CertificateSigningRequest.self),
            !request.isBeingDeleted,
            let kind = KubernetesSigner(rawValue: request.object[path: "spec", "signerName"]?.string ?? "")
        else { return .done }
        let conditions = (request.object[path: "status", "conditions"]?.array ?? []).compactMap {
            $0["type"]?.string
        }
        let isSigned = request.object[path: "status", "certificate"] != nil
        let isFinished = isSigned || conditions.contains("Denied") || conditions.contains("Failed")
        if let remaining = try await expire(request, after: isFinished ? Self.keepFinished : Self.keepPending)
        {
            if isFinished { return .again(after: remaining) }
            if conditions.contains("Approved") {
                try await sign(request, kind)
            } else {
                try await judge(request, kind)
            }
            return .again(after: remaining)
        }
        return .done
    }

    /// Deletes a request that is old enough; otherwise returns how long it stays.
    private func expire(_ request: CertificateSigningRequest, after life: Duration) async throws -> Duration?
    {
        let remaining = life - (clock.now - (request.creationTimestamp ?? clock.now))
        guard remaining <= .zero else { return remaining }
        do {
            try await client.delete(request.key)
        } catch let status as APIStatus where status.reason == .notFound {
            return nil
        }
        return nil
    }

    private func judge(_ request: CertificateSigningRequest, _ kind: KubernetesSigner) async throws {
        let verdict: CertificatePolicy.Verdict
        do {
            verdict = CertificatePolicy.judge(
                request, try signer.inspect(Self.pem(of: request)), signer: kind)
        } catch {
            verdict = .deny("the request cannot be read: \(error)")
        }
        switch verdict {
        case .wait: break
        case .approve(let message): try await decide(request, "Approved", "AutoApproved", message)
        case .deny(let message): try await decide(request, "Denied", "AutoDenied", message)
        }
    }

    private func decide(
        _ request: CertificateSigningRequest, _ type: String, _ reason: String, _ message: String
    ) async throws {
        var object = request.object
        let now = clock.now.rfc3339
        var conditions = object[path: "status", "conditions"]?.array ?? []
        conditions.append([
            "type": .string(type), "status": "True", "reason": .string(reason), "message": .string(message),
            "lastUpdateTime": .string(now), "lastTransitionTime": .string(now),
        ])
        object[path: "status", "conditions"] = .array(conditions)
        _ = try await client.update(CertificateSigningRequest.resource, object, subresource: "approval")
    }

    private func sign(_ request: CertificateSigningRequest, _ kind: KubernetesSigner) async throws {
        let wished = request.object[path: "spec", "expirationSeconds"]?.int ?? Self.maximumSeconds
        var object = request.object
        do {
            let certificate = try signer.sign(
                Self.pem(of: request), signer: kind, validSeconds: min(max(wished, 600), Self.maximumSeconds))
            object[path: "status", "certificate"] = .string(Base64.encode(Array(certificate.utf8)))
        } catch {
            let now = clock.now.rfc3339
            var conditions = object[path: "status", "conditions"]?.array ?? []
            conditions.append([
                "type": "Failed", "status": "True", "reason": "SigningFailed", "message": .string("\(error)"),
                "lastUpdateTime": .string(now), "lastTransitionTime": .string(now),
            ])
            object[path: "status", "conditions"] = .array(conditions)
        }
        _ = try await client.update(CertificateSigningRequest.resource, object, subresource: "status")
    }

    private static func pem(of request: CertificateSigningRequest) throws -> String {
        guard let text = request.object[path: "spec", "request"]?.string, let bytes = Base64.decode(text)
        else {
            throw APIStatus.badRequest("spec.request is not base64")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Wires the certificate reconciler to its events.
public struct CertificateController: RunnableController {
    public let name = CertificateReconciler.controllerName
    private let controller: Controller<CertificateReconciler>

    public init(_ context: ControllerContext, signer: any CertificateSigner) {
        let reconciler = CertificateReconciler(
            client: context.client(name),
            requests: context.informers.informer(CertificateSigningRequest.resource),
            signer: signer, clock: context.clock)
        controller = Controller(reconciler, queue: context.queue(), workers: 2)
    }

    public func run() async {
        let queue = controller.queue
        controller.reconciler.requests.addHandler { changes in
            for change in changes where change.kind != .deleted { queue.add(change.object.key) }
        }
        await controller.run()
    }
}
