internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl exec`
enum ExecCommand {
    static let spec = CommandSpec(
        "exec", "Execute a command in a container",
        usage: "(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]",
        examples: ["kubectl exec mypod -- date", "kubectl exec mypod -c ruby -i -t -- bash -il"],
        flags: [
            FlagSpec("container", "c", .string, "Container to run in."),
            FlagSpec("filename", "f", .strings, "File that names the pod."), FlagSets.podRunningTimeout,
            FlagSpec("quiet", "q", .bool, "Print only what the command prints."),
            FlagSpec("stdin", "i", .bool, "Pass standard input to the command."),
            FlagSpec("tty", "t", .bool, "Give the command a terminal."),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        var target = call.argumentsBeforeDash
        var command = call.argumentsAfterDash
        if call.dashIndex == nil, target.count > 1, !call.flags.isSet("filename") {
            throw KubectlError.arguments(
                "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead")
        }
        if call.dashIndex == nil {
            command = []
        }
        guard !target.isEmpty || call.flags.isSet("filename") else {
            throw KubectlError("pod, type/name or --filename must be specified")
        }
        guard !command.isEmpty else {
            throw KubectlError("you must specify at least one command for the container")
        }
        if call.flags.isSet("filename") {
            guard let first = try await ResourceQuery(call, arguments: []).manifests(call.session).first
            else {
                throw KubectlError("no objects found in the file")
            }
            target = ["\(first.resource.name)/\(first.name)"]
        }
        let finder = PodFinder(session: call.session)
        let pod = try await finder.pod(
            of: try await finder.object(call, target),
            timeout: call.flags.duration("pod-running-timeout"), orderedBy: PodFinder.activeFirst)
        let phase = pod.content[path: "status", "phase"]?.string ?? ""
        if phase == "Succeeded" || phase == "Failed" {
            throw KubectlError(
                "cannot exec into a container in a completed pod; current phase is \(phase)")
        }
        let container = try PodContainers.choose(
            pod.content, named: call.flags.string("container"), call)
        try await execute(call, pod, container: container, command)
    }

    private static func execute(
        _ call: Invocation, _ pod: ResourceInfo, container: String, _ command: [String]
    ) async throws {
        let hasInput = call.flags.bool("stdin")
        let isTerminal = terminal(call, hasInput: hasInput)
        let request = request(
            pod, "exec", container: container, command: command, hasInput: hasInput,
            isTerminal: isTerminal)
        let stream = try await call.session.streams().openCommand(request)
        try await RemoteCommand(call: call, hasInput: hasInput, isTerminal: isTerminal).run(stream)
    }

    /// Whether the command gets a terminal: it needs one here too.
    static func terminal(_ call: Invocation, hasInput: Bool) -> Bool {
        guard call.flags.bool("tty") else { return false }
        if hasInput, call.environment.terminal?.isInteractive != true {
            if !call.flags.bool("quiet") {
                call.errorLine("Unable to use a TTY - input is not a terminal or the right kind of file")
            }
            return false
        }
        return true
    }

    static func request(
        _ pod: ResourceInfo, _ subresource: String, container: String, command: [String], hasInput: Bool,
        isTerminal: Bool
    ) -> RESTRequest {
        var query = command.map { RESTRequest.Field("command", $0) }
        query.append(.init("container", container))
        if hasInput { query.append(.init("stdin", "true")) }
        query.append(.init("stdout", "true"))
        // A terminal carries both in one stream.
        if !isTerminal { query.append(.init("stderr", "true")) }
        if isTerminal { query.append(.init("tty", "true")) }
        return RESTRequest("GET", pod.path(subresource: subresource), query: query)
    }
}
