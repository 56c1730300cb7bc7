internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl attach`
enum AttachCommand {
    static let spec = CommandSpec(
        "attach", "Attach to a running container", usage: "(POD | TYPE/NAME) -c CONTAINER",
        examples: ["kubectl attach mypod", "kubectl attach mypod -c ruby-container -i -t"],
        flags: [
            FlagSpec("container", "c", .string, "Container to attach to."), FlagSets.podRunningTimeout,
            FlagSpec("quiet", "q", .bool, "Print only what the container prints."),
            FlagSpec("stdin", "i", .bool, "Pass standard input to the container."),
            FlagSpec("tty", "t", .bool, "The container has a terminal."),
        ],
        run: { call in
            guard !call.arguments.isEmpty else {
                throw KubectlError("at least 1 argument is required for attach")
            }
            let finder = PodFinder(session: call.session)
            let pod = try await finder.pod(
                of: try await finder.object(call, call.arguments),
                timeout: call.flags.duration("pod-running-timeout"), orderedBy: PodFinder.activeFirst)
            let phase = pod.content[path: "status", "phase"]?.string ?? ""
            if phase == "Succeeded" || phase == "Failed" {
                throw KubectlError("cannot attach a container in a completed pod; current phase is \(phase)")
            }
            try await attach(call, pod)
        })

    static func attach(_ call: Invocation, _ pod: ResourceInfo) async throws {
        let name = try PodContainers.choose(pod.content, named: call.flags.string("container"), call)
        let container = ["containers", "initContainers", "ephemeralContainers"]
            .flatMap { pod.content[path: "spec", $0]?.array ?? [] }.first { $0["name"]?.string == name }
        let hasInput = call.flags.bool("stdin")
        var isTerminal = ExecCommand.terminal(call, hasInput: hasInput)
        if isTerminal, container?["tty"]?.bool != true {
            isTerminal = false
            if !call.flags.bool("quiet") {
                call.errorLine("error: Unable to use a TTY - container \(name) did not allocate one")
            }
        } else if !isTerminal, container?["tty"]?.bool == true {
            // The container writes to its terminal whether or not there is one here.
            isTerminal = true
        }
        if hasInput, !call.flags.bool("quiet"), isTerminal {
            call.errorLine("If you don't see a command prompt, try pressing enter.")
        }
        let request = ExecCommand.request(
            pod, "attach", container: name, command: [], hasInput: hasInput, isTerminal: isTerminal)
        let stream = try await call.session.streams().openCommand(request)
        try await RemoteCommand(
            call: call, hasInput: hasInput,
            isTerminal: isTerminal && call.environment.terminal?.isInteractive == true
        ).run(stream)
        if hasInput, isTerminal, !call.flags.bool("quiet"),
            pod.content[path: "spec", "restartPolicy"]?.string == "Always"
        {
            call.line(
                "Session ended, resume using '\(call.session.attachHint) \(pod.name) -c \(name) -i -t' command "
                    + "when the pod is running")
        }
    }
}

extension Session {
    var attachHint: String { "kubectl attach" }
}
