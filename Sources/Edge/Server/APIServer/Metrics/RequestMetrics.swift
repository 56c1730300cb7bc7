internal import EdgeBase
internal import EdgeTransport
internal import Synchronization

/// Counts requests and their durations by the labels of Kubernetes' API server: one look-up and a few additions
/// for each request.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        var verb: String
        var group: String
        var version: String
        var resource: String
        var subresource: String
        var scope: String
        var isDryRun: Bool
    }

    private struct Entry {
        /// Few different ones.
        var codes: [(code: UInt16, count: UInt64)] = []
        /// Nil while only requests without an end of their own have come, such as watches.
        var durations: Histogram?

        mutating func count(_ code: UInt16) {
            if let index = codes.firstIndex(where: { $0.code == code }) {
                codes[index].count += 1
            } else {
                codes.append((code, 1))
            }
        }
    }

    /// Requests that clients make up must not fill the memory: beyond this they count as one.
    private static let maximumKeys = 2048
    private static let bounds = [
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
    ]
    private static let other = Key(
        verb: "other", group: "", version: "", resource: "", subresource: "", scope: "", isDryRun: false)

    private let entries = Mutex<[Key: Entry]>([:])
    private let running = Atomic<Int>(0)
    private let runningWrites = Atomic<Int>(0)

    // MARK: Counting

    /// The same answer, counted when it is there.
    func measured(
        _ handling: HTTPHandling, _ info: RequestInfo, _ request: HTTPServerRequest,
        from began: ContinuousClock.Instant
    )
        -> HTTPHandling
    {
        switch handling {
        case .now(let response):
            count(response.status.code, info, request, from: began)
            return handling
        case .upgrade:
            count(101, info, request, from: began)
            return handling
        case .later(let body):
            return .later { await self.measured(body, info, request, from: began) }
        case .onLoop(let body):
            return .onLoop { await self.measured(body, info, request, from: began) }
        }
    }

    private func measured(
        _ body: @Sendable () async -> HTTPServerResponse, _ info: RequestInfo, _ request: HTTPServerRequest,
        from began: ContinuousClock.Instant
    ) async -> HTTPServerResponse {
        let gauge = Self.isWrite(info.verb)
        if gauge { runningWrites.add(1, ordering: .relaxed) } else { running.add(1, ordering: .relaxed) }
        let response = await body()
        if gauge {
            runningWrites.subtract(1, ordering: .relaxed)
        } else {
            running.subtract(1, ordering: .relaxed)
        }
        count(response.status.code, info, request, from: began)
        return response
    }

    private func count(
        _ code: Int, _ info: RequestInfo, _ request: HTTPServerRequest, from began: ContinuousClock.Instant
    ) {
        let key = Key(
            verb: Self.verb(info), group: info.group, version: info.version, resource: info.resource,
            subresource: info.isResourceRequest ? info.subresource : info.path, scope: Self.scope(info),
            isDryRun: Self.isWrite(info.verb) && request.queryValue("dryRun") != nil)
        let seconds = Self.isLong(info) ? nil : (ContinuousClock.now - began) / .seconds(1)
        entries.withLock { entries in
            let key =
                code >= 400 && !info.isResourceRequest
                    || entries.count >= Self.maximumKeys && entries[key] == nil ? Self.other : key
            entries[key, default: Entry()].count(UInt16(clamping: code))
            guard let seconds else { return }
            if entries[key]?.durations == nil { entries[key]?.durations = Histogram(bounds: Self.bounds) }
            entries[key]?.durations?.add(seconds)
        }
    }

    /// What runs until one side has enough: its duration says nothing about the server.
    private static func isLong(_ info: RequestInfo) -> Bool {
        info.verb == "watch" || ["log", "exec", "attach", "portforward", "proxy"].contains(info.subresource)
    }

    private static func isWrite(_ verb: String) -> Bool {
        switch verb {
        case "get", "list", "watch", "head": false
        default: true
        }
    }

    private static func verb(_ info: RequestInfo) -> String {
        switch info.verb {
        case "get": ["exec", "attach", "portforward", "proxy"].contains(info.subresource) ? "CONNECT" : "GET"
        case "list": "LIST"
        case "watch": "WATCH"
        case "create":
            ["exec", "attach", "portforward", "proxy"].contains(info.subresource) ? "CONNECT" : "POST"
        case "update": "PUT"
        case "patch": "PATCH"
        case "delete": "DELETE"
        case "deletecollection": "DELETECOLLECTION"
        case "post": "POST"
        case "put": "PUT"
        case "head": "GET"
        default: "other"
        }
    }

    private static func scope(_ info: RequestInfo) -> String {
        if !info.isResourceRequest { return "" }
        if !info.name.isEmpty || info.verb == "create" { return "resource" }
        return info.namespace.isEmpty ? "cluster" : "namespace"
    }

    // MARK: Showing

    func write(to text: inout MetricsText) {
        let entries = entries.withLock { $0 }.sorted { Self.order($0.key) < Self.order($1.key) }
        text.family("apiserver_request_total", "counter")
        text.family("apiserver_request_duration_seconds", "histogram")
        for (key, entry) in entries {
            let labels: [MetricsText.Label] = [
                ("component", "apiserver"), ("dry_run", key.isDryRun ? "All" : ""), ("group", key.group),
                ("resource", key.resource), ("scope", key.scope), ("subresource", key.subresource),
                ("verb", key.verb), ("version", key.version),
            ]
            for (code, count) in entry.codes {
                text.sample("apiserver_request_total", [("code", String(code))] + labels, count)
            }
            if let durations = entry.durations {
                text.histogram("apiserver_request_duration_seconds", labels, durations)
            }
        }
        text.family("apiserver_current_inflight_requests", "gauge")
        text.sample(
            "apiserver_current_inflight_requests", [("request_kind", "mutating")],
            runningWrites.load(ordering: .relaxed))
        text.sample(
            "apiserver_current_inflight_requests", [("request_kind", "readOnly")],
            running.load(ordering: .relaxed))
    }

    private static func order(_ key: Key) -> String {
        "\(key.group) \(key.resource) \(key.subresource) \(key.verb) \(key.scope) \(key.version)"
    }
}
