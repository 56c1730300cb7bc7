internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage
internal import EdgeTransport
internal import NIOCore
internal import Synchronization

/// What is noted of one request on its way, and written at each stage (`Event` of audit.k8s.io/v1).
final class AuditRecord: Sendable {
    private struct State {
        var annotations: [String: String] = [:]
        var requestObject: JSONValue?
        /// The name of what is created, which the path does not say.
        var name = ""
    }

    let id: String
    let level: AuditPolicy.Level
    private let request: HTTPServerRequest
    private let info: RequestInfo
    private let real: UserInfo
    private let acting: UserInfo
    private let decision: AuditPolicy.Decision
    private let log: RotatingLog
    private let clock: any WallClock
    private let received: Timestamp
    private let state = Mutex(State())

    init(
        request: HTTPServerRequest, info: RequestInfo, real: UserInfo, acting: UserInfo,
        decision: AuditPolicy.Decision, log: RotatingLog, clock: any WallClock
    ) {
        id = request.headers["audit-id"] ?? UID.random()
        level = decision.level
        self.request = request
        self.info = info
        self.real = real
        self.acting = acting
        self.decision = decision
        self.log = log
        self.clock = clock
        received = clock.now
        write(.requestReceived)
    }

    func annotate(_ key: String, _ value: String) {
        state.withLock { state in
            // The first to speak is heard, as in Kubernetes.
            if state.annotations[key] == nil { state.annotations[key] = value }
        }
    }

    /// Notes the decoded body.
    func note(requestObject: JSONValue) {
        let name = requestObject[path: "metadata", "name"]?.string ?? ""
        state.withLock { state in
            if level >= .request { state.requestObject = requestObject }
            state.name = name
        }
    }

    /// The answer is known; a stream's end is still to come.
    func answered(_ response: HTTPServerResponse) -> HTTPServerResponse {
        var response = response
        response.headers.add("Audit-Id", id)
        // What is written at the end needs the head only.
        let head = HTTPServerResponse(response.status, headers: response.headers)
        switch response.body {
        case .pulled(let body):
            write(.responseStarted, response)
            response.body = .pulled(AuditedBody(body) { [self] in write(.responseComplete, head) })
        case .writer(let length, let produce):
            write(.responseStarted, response)
            response.body = .writer(length: length) { [self] writer in
                defer { write(.responseComplete, head) }
                try await produce(writer)
            }
        case .upgrade(let upgrade):
            write(.responseStarted, response)
            let audited = HTTPUpgrade(protocolName: upgrade.protocolName, headers: upgrade.headers) {
                [self] stream in
                await upgrade.run(stream)
                write(.responseComplete, head)
            }
            response.body = .upgrade(audited)
        case .empty, .bytes, .buffer, .pieces: write(.responseComplete, response)
        }
        return response
    }

    // MARK: Events

    private func write(_ stage: AuditPolicy.Stage, _ response: HTTPServerResponse? = nil) {
        guard !decision.omittedStages.contains(stage) else { return }
        var line = event(stage, response).encoded
        line.append(0x0a)
        log.append(line)
    }

    private func event(_ stage: AuditPolicy.Stage, _ response: HTTPServerResponse?) -> JSONValue {
        let known = state.withLock { $0 }
        var event: JSONObject = [
            "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": .string(level.rawValue),
            "auditID": .string(id), "stage": .string(stage.rawValue),
            "requestURI": .string(request.rawTarget),
            "verb": .string(info.verb), "user": Self.user(real),
        ]
        if real != acting { event["impersonatedUser"] = Self.user(acting) }
        event["sourceIPs"] = .array(request.connection.peerAddress.map { [.string("\($0)")] } ?? [])
        if let agent = request.headers["user-agent"] { event["userAgent"] = .string(agent) }
        if info.isResourceRequest { event["objectRef"] = objectReference(known.name) }
        let answer = stage == .responseComplete ? response.flatMap(Self.body) : nil
        if let response { event["responseStatus"] = Self.status(response, answer) }
        if level >= .request, stage != .requestReceived, let body = known.requestObject ?? requestBody {
            event["requestObject"] = trimmed(body)
        }
        if level >= .requestResponse, let answer { event["responseObject"] = trimmed(answer) }
        event["requestReceivedTimestamp"] = .string(received.rfc3339Micro)
        event["stageTimestamp"] = .string(
            stage == .requestReceived ? received.rfc3339Micro : clock.now.rfc3339Micro)
        if !known.annotations.isEmpty {
            event["annotations"] = .object(
                JSONObject(known.annotations.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
        }
        return .object(event)
    }

    private static func user(_ user: UserInfo) -> JSONValue {
        var value: JSONObject = ["username": .string(user.name)]
        if !user.uid.isEmpty { value["uid"] = .string(user.uid) }
        value["groups"] = .array(user.groups.map(JSONValue.string))
        if !user.extra.isEmpty {
            value["extra"] = .object(
                JSONObject(
                    user.extra.sorted { $0.key < $1.key }.map {
                        ($0.key, .array($0.value.map(JSONValue.string)))
                    }))
        }
        return .object(value)
    }

    private func objectReference(_ created: String) -> JSONValue {
        var value: JSONObject = ["resource": .string(info.resource)]
        if !info.namespace.isEmpty { value["namespace"] = .string(info.namespace) }
        let name = info.name.isEmpty ? created : info.name
        if !name.isEmpty { value["name"] = .string(name) }
        if !info.group.isEmpty { value["apiGroup"] = .string(info.group) }
        value["apiVersion"] = .string(info.version)
        if !info.subresource.isEmpty { value["subresource"] = .string(info.subresource) }
        return .object(value)
    }

    private var requestBody: JSONValue? {
        guard request.body.readableBytes > 0 else { return nil }
        let type = request.headers["content-type"] ?? ""
        if type.contains("yaml") { return try? YAML.parse(Array(request.body.readableBytesView)).first }
        guard !type.contains("protobuf") else { return nil }
        return try? JSONValue(parsing: request.body.readableBytesView)
    }

    /// The body of an answer that is there as a whole.
    private static func body(_ response: HTTPServerResponse) -> JSONValue? {
        switch response.body {
        case .bytes(let bytes): return try? JSONValue(parsing: bytes)
        case .buffer(let buffer): return try? JSONValue(parsing: buffer.readableBytesView)
        case .pieces(let pieces): return try? JSONValue(parsing: pieces.joined)
        default: return nil
        }
    }

    private static func status(_ response: HTTPServerResponse, _ body: JSONValue?) -> JSONValue {
        var status: JSONObject = ["metadata": [:]]
        if let body, body["kind"]?.string == "Status" {
            for key in ["status", "message", "reason", "details"] {
                if let value = body[key] { status[key] = value }
            }
        }
        status["code"] = .int(Int64(response.status.code))
        return .object(status)
    }

    /// Without `managedFields` where the policy says so.
    private func trimmed(_ value: JSONValue) -> JSONValue {
        guard decision.omitsManagedFields, var object = value.object else { return value }
        if var metadata = object["metadata"]?.object {
            metadata["managedFields"] = nil
            object["metadata"] = .object(metadata)
        }
        if let items = object["items"]?.array { object["items"] = .array(items.map(trimmed)) }
        return .object(object)
    }
}

/// Tells when a stream has ended, whoever ends it.
private final class AuditedBody: PulledBody {
    private let body: any PulledBody
    private let onEnd: @Sendable () -> Void
    private let hasEnded = Atomic(false)

    init(_ body: any PulledBody, onEnd: @escaping @Sendable () -> Void) {
        self.body = body
        self.onEnd = onEnd
    }

    func start(wake: @escaping @Sendable () -> Void) { body.start(wake: wake) }

    func pull(into buffer: inout ByteBuffer, limit: Int) -> PullResult {
        let result = body.pull(into: &buffer, limit: limit)
        switch result {
        case .end, .abort: end()
        case .more, .wait: break
        }
        return result
    }

    func cancel() {
        body.cancel()
        end()
    }

    private func end() {
        if !hasEnded.exchange(true, ordering: .acquiringAndReleasing) { onEnd() }
    }
}
