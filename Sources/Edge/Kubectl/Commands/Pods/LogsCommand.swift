internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeJSON

/// `kubectl logs`
enum LogsCommand {
    private static let usage = "[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]"

    static let spec = CommandSpec(
        "logs", aliases: ["log"], "Print the logs for a container in a pod", usage: usage,
        examples: [
            "kubectl logs nginx", "kubectl logs -f -c ruby web-1", "kubectl logs --tail=20 nginx",
            "kubectl logs -l app=nginx --all-containers=true", "kubectl logs deployment/nginx -c nginx-1",
        ],
        flags: [
            FlagSpec("all-containers", nil, .bool, "Logs of all containers of the pods."),
            FlagSpec("all-pods", nil, .bool, "Logs of all pods of the workload; implies --prefix."),
            FlagSpec("container", "c", .string, "Container to take."),
            FlagSpec("follow", "f", .bool, "Go on as the log grows."),
            FlagSpec("ignore-errors", nil, .bool, "Go on after a log that cannot be read."),
            FlagSpec(
                "insecure-skip-tls-verify-backend", nil, .bool, "Do not check the kubelet's certificate."),
            FlagSpec("limit-bytes", nil, .int, default: "0", "Most bytes of a log; 0: all."),
            FlagSpec("max-log-requests", nil, .int, default: "5", "Most logs followed at a time."),
            FlagSpec("pod-running-timeout", nil, .duration, default: "20s", "How long to wait for a pod."),
            FlagSpec("prefix", nil, .bool, "Put pod and container before each line."),
            FlagSpec("previous", "p", .bool, "Log of the container's previous run."),
            FlagSets.selector,
            FlagSpec("since", nil, .duration, default: "0s", "Only lines newer than this."),
            FlagSpec("since-time", nil, .string, "Only lines after this time (RFC 3339)."),
            FlagSpec("tail", nil, .int, default: "-1", "Last lines; -1: all, with a selector 10."),
            FlagSpec("timestamps", nil, .bool, "Put the time before each line."),
        ], run: run)

    private struct Source: Sendable {
        let pod: ResourceInfo
        let container: String
    }

    private static func run(_ call: Invocation) async throws {
        let query = try validate(call)
        let sources = try await sources(call)
        let isFollowing = call.flags.bool("follow")
        guard isFollowing, sources.count > 1 else {
            for source in sources { try await copy(call, source, query) }
            return
        }
        let limit = call.flags.int("max-log-requests")
        if sources.count > limit {
            throw KubectlError(
                "you are attempting to follow \(sources.count) log streams, but maximum allowed concurrency is "
                    + "\(limit), use --max-log-requests to increase the limit")
        }
        try await withThrowingTaskGroup { group in
            for source in sources { group.addTask { try await copy(call, source, query) } }
            try await group.waitForAll()
        }
    }

    /// Checks the flags and turns them into query parameters.
    private static func validate(_ call: Invocation) throws -> [RESTRequest.Field] {
        let flags = call.flags
        let hasSelector = flags.isSet("selector")
        if hasSelector, !call.arguments.isEmpty {
            throw KubectlError.arguments("only a selector (-l) or a POD name is allowed")
        }
        if !hasSelector, !(1...2).contains(call.arguments.count) {
            throw KubectlError.arguments(
                "expected 'logs \(usage)'.\nPOD or TYPE/NAME is a required argument for the logs command")
        }
        if flags.isSet("since"), flags.isSet("since-time") {
            throw KubectlError("at most one of `sinceTime` or `sinceSeconds` may be specified")
        }
        let container = flags.string("container")
        if flags.bool("all-containers"), !container.isEmpty {
            throw KubectlError(
                "--all-containers=true should not be specified with container name \(container)")
        }
        if flags.int("limit-bytes") < 0 { throw KubectlError("--limit-bytes must be greater than 0") }
        if flags.int("tail") < -1 { throw KubectlError("--tail must be greater than or equal to -1") }
        var query: [RESTRequest.Field] = []
        for (flag, name) in [
            ("follow", "follow"), ("previous", "previous"), ("timestamps", "timestamps"),
            ("insecure-skip-tls-verify-backend", "insecureSkipTLSVerifyBackend"),
        ] where flags.bool(flag) {
            query.append(.init(name, "true"))
        }
        if flags.int("limit-bytes") > 0 { query.append(.init("limitBytes", flags.string("limit-bytes"))) }
        if flags.isSet("since"), flags.duration("since") > .zero {
            let seconds = Int64(flags.duration("since").inSeconds.rounded(.up))
            query.append(.init("sinceSeconds", String(seconds)))
        }
        if let time = flags.given("since-time"), !time.isEmpty {
            guard Timestamp(rfc3339: time) != nil else {
                throw KubectlError(
                    "parsing time \(goQuoted(time)) as \"2006-01-02T15:04:05Z07:00\": cannot parse")
            }
            query.append(.init("sinceTime", time))
        }
        let tail = hasSelector && !flags.isSet("tail") ? 10 : flags.int("tail")
        if tail >= 0 { query.append(.init("tailLines", String(tail))) }
        return query
    }

    private static func sources(_ call: Invocation) async throws -> [Source] {
        let finder = PodFinder(session: call.session)
        let pods = try APIResource.builtIn(apiVersion: "v1", kind: "Pod")
        var call = call
        if call.flags.isSet("selector") {
            let namespace = try call.session.namespace()
            let found = try await finder.pods(
                namespace: namespace, selector: call.flags.string("selector"))
            if found.isEmpty { call.errorLine("No resources found in \(namespace) namespace.") }
            return try found.flatMap { try containers(call, ResourceQuery.info(pods, $0)) }
        }
        var inlineContainer: String?
        if call.arguments.count == 2 {
            inlineContainer = call.arguments.removeLast()
        }
        let info: ResourceInfo
        do {
            info = try await finder.object(call, call.arguments)
        } catch let status as APIStatus where status.reason == .notFound {
            throw KubectlError(
                "error from server (NotFound): \(status.message) in namespace \(goQuoted(try call.session.namespace()))"
            )
        }
        if call.flags.bool("all-pods"), let selector = try PodFinder.selector(info.content) {
            return try await finder.pods(namespace: info.namespace, selector: selector)
                .flatMap { try containers(call, ResourceQuery.info(pods, $0)) }
        }
        let pod = try await finder.pod(
            of: info, timeout: call.flags.duration("pod-running-timeout"),
            orderedBy: PodFinder.loggingFirst
        ) { count, pod in call.errorLine("Found \(count) pods, using pod/\(pod.name)") }
        return try containers(call, pod, inline: inlineContainer)
    }

    private static func containers(
        _ call: Invocation, _ pod: ResourceInfo, inline: String? = nil
    ) throws -> [Source] {
        if call.flags.bool("all-containers") {
            let names = ["initContainers", "containers", "ephemeralContainers"]
                .flatMap { PodContainers.names(pod.content, $0) }
            return names.map { Source(pod: pod, container: $0) }
        }
        let name = try PodContainers.choose(
            pod.content, named: inline ?? call.flags.string("container"), call)
        return [Source(pod: pod, container: name)]
    }

    private static func copy(_ call: Invocation, _ source: Source, _ query: [RESTRequest.Field]) async throws
    {
        let request = RESTRequest(
            "GET", source.pod.path(subresource: "log"),
            query: [.init("container", source.container)] + query)
        do {
            let response = try await call.session.rest().send(request)
            let hasPrefix = call.flags.bool("prefix") || call.flags.bool("all-pods")
            guard hasPrefix || call.flags.bool("follow") else {
                while let piece = try await response.body.next() { call.write(piece) }
                return
            }
            let prefix = hasPrefix ? Array("[pod/\(source.pod.name)/\(source.container)] ".utf8) : []
            // Whole lines only, so that logs that are followed side by side do not mix within a line.
            try await response.body.forEachLine { line in
                call.write(prefix + line + [UInt8(ascii: "\n")])
                return true
            }
        } catch let error where call.flags.bool("ignore-errors") && !(error is CancellationError) {
            call.errorLine("error: \(error)")
        }
    }
}
