internal import EdgeAPI
internal import EdgeBase
internal import EdgeStorage
internal import EdgeTransport
internal import NIOCore
internal import Synchronization

/// API priority and fairness: what runs at once and what waits, by flow schemas and priority levels.
///
/// Two things are shared out. Seats, of which each level has its part, go to requests that work in tasks (writes, calls
/// to nodes). The time of the event loops goes to requests that are answered on them at once. Watches and other
/// requests that stay long take part only until they are answered.
final class Fairness: Sendable {
    let table: FlowTable
    private let timers: TimerQueue
    private let lanes = Mutex<[ReadLane]>([])

    init(store: ObjectStore, timers: TimerQueue) {
        table = FlowTable(store: store)
        self.timers = timers
    }

    func use(_ group: any EventLoopGroup) {
        let loops = Array(group.makeIterator())
        lanes.withLock { $0 = loops.map { ReadLane($0) } }
    }

    private func lane(of connection: HTTPConnection) -> ReadLane? {
        guard let eventLoop = connection.eventLoop else { return nil }
        return lanes.withLock { $0.first { $0.eventLoop === eventLoop } }
    }

    /// Carries a request out, now or in its turn.
    func run(
        _ request: HTTPServerRequest, _ info: RequestInfo, _ user: UserInfo, _ schema: FlowSchema,
        _ body: @escaping @Sendable () -> HTTPHandling
    ) -> HTTPHandling {
        let level = schema.level
        if level.isExempt { return body() }
        guard let lane = lane(of: request.connection), lane.eventLoop.inEventLoop else {
            return seated(body(), info, user, schema)
        }
        let start = NIODeadline.now()
        guard lane.hasRoom(at: start) else {
            guard let place = lane.join(level, hash: schema.hash(user, info)) else {
                return .now(Self.rejection)
            }
            return .onLoop { [self] in
                await place.wait()
                if Task.isCancelled { return Self.rejection }
                let start = NIODeadline.now()
                let handling = body()
                lane.spend(NIODeadline.now() - start, handling)
                return await seated(handling, info, user, schema).response
            }
        }
        let handling = body()
        lane.spend(NIODeadline.now() - start, handling)
        return seated(handling, info, user, schema)
    }

    /// Gives a task of a request a seat while it runs.
    private func seated(
        _ handling: HTTPHandling, _ info: RequestInfo, _ user: UserInfo, _ schema: FlowSchema
    ) -> HTTPHandling {
        let level = schema.level
        let timers = timers
        func seated(
            _ produce: @escaping @Sendable () async -> HTTPServerResponse
        ) -> @Sendable () async -> HTTPServerResponse {
            let hash = schema.hash(user, info)
            return {
                guard await level.take(hash: hash, timers: timers) else { return Self.rejection }
                defer { level.release() }
                return await produce()
            }
        }
        switch handling {
        case .now, .upgrade: return handling
        case .onLoop, .later: if info.isLongRunning { return handling }
        }
        return switch handling {
        case .onLoop(let produce): .onLoop(seated(produce))
        case .later(let produce): .later(seated(produce))
        case .now, .upgrade: handling
        }
    }

    /// What Kubernetes answers to whom it has no room for.
    static var rejection: HTTPServerResponse {
        var response = HTTPServerResponse.text(429, "Too many requests, please try again later.\n")
        response.headers.add("Retry-After", "1")
        return response
    }
}

extension HTTPHandling {
    /// The answer, waited for in a task that runs already.
    var response: HTTPServerResponse {
        get async {
            switch self {
            case .now(let response): response
            case .later(let produce), .onLoop(let produce): await produce()
            case .upgrade(let upgrade): .upgrade(upgrade)
            }
        }
    }
}

extension RequestInfo {
    /// Whether the request stays as long as its client wants, as kube-apiserver sees it.
    var isLongRunning: Bool {
        guard isResourceRequest else { return path == NodeTunnelPath.path }
        switch verb {
        case "watch", "proxy": return true
        default: break
        }
        switch subresource {
        case "attach", "exec", "proxy", "log", "portforward": return true
        default: return false
        }
    }
}
