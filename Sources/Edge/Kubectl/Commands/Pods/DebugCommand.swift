internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl debug`
enum DebugCommand {
    static let spec = CommandSpec(
        "debug", "Create debugging sessions for troubleshooting workloads and nodes",
        usage: "(POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]",
        examples: [
            "kubectl debug web -it --image=busybox --target=app",
            "kubectl debug web -it --copy-to=web-debug --container=app -- sh",
            "kubectl debug node/mynode -it --image=busybox",
        ],
        flags: [
            FlagSpec("arguments-only", nil, .bool, "What follows are the arguments of the image's command."),
            FlagSpec("attach", nil, .bool, "Attach to the container once it runs."),
            FlagSpec("container", "c", .string, "Name of the debug container."),
            FlagSpec("copy-to", nil, .string, "Make a copy of the pod with this name."),
            FlagSpec("env", nil, .stringArray, "Environment variable: name=value."),
            FlagSets.fieldManager("kubectl-debug"),
            FlagSpec("image", nil, .string, "Image of the debug container."),
            FlagSpec("image-pull-policy", nil, .string, "Always, IfNotPresent or Never."),
            FlagSpec("keep-annotations", nil, .bool, "Accepted: a copy keeps its annotations."),
            FlagSpec(
                "profile", nil, .string, default: "general",
                "One of: \(DebugPlan.profiles.joined(separator: ", "))."),
            FlagSets.podRunningTimeout,
            FlagSpec("quiet", "q", .bool, "Print only what the container prints."),
            FlagSpec("replace", nil, .bool, "With --copy-to, delete the original pod."),
            FlagSpec("same-node", nil, .bool, "With --copy-to, run the copy on the same node."),
            FlagSpec("set-image", nil, .strings, "With --copy-to, change images: name=image, *=image."),
            FlagSpec(
                "share-processes", nil, .bool, default: "true", "With --copy-to, share processes in the copy."
            ),
            FlagSpec("stdin", "i", .bool, "Keep standard input open, and attach."),
            FlagSpec("target", nil, .string, "Container whose processes are to be seen."),
            FlagSpec("tty", "t", .bool, "Give the container a terminal."),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        guard call.argumentsBeforeDash.count == 1, let argument = call.argumentsBeforeDash.first else {
            throw KubectlError.arguments(
                call.argumentsBeforeDash.isEmpty
                    ? "NAME is required for debug" : "only one object can be debugged at a time")
        }
        let flags = call.flags
        let images = try setImages(flags.strings("set-image"))
        if flags.string("image").isEmpty, flags.string("copy-to").isEmpty || images.isEmpty,
            flags.string("container").isEmpty || flags.string("copy-to").isEmpty
        {
            throw KubectlError.arguments("you must specify --image, --image-pull-policy or --set-image")
        }
        if flags.bool("tty"), !flags.bool("stdin") {
            throw KubectlError("-i/--stdin is required for containers with -t/--tty=true")
        }
        guard DebugPlan.profiles.contains(flags.string("profile")) else {
            throw KubectlError("unknown profile: \(flags.string("profile"))")
        }
        let info = try await PodFinder(session: call.session).object(call, [argument])
        var plan = DebugPlan(name: flags.string("container"), image: flags.string("image"))
        plan.command = call.argumentsAfterDash
        plan.isArgumentsOnly = flags.bool("arguments-only")
        plan.environment = flags.strings("env")
        plan.pullPolicy = flags.string("image-pull-policy")
        plan.hasInput = flags.bool("stdin")
        plan.hasTerminal = flags.bool("tty")
        plan.profile = flags.string("profile")
        let pod: ResourceInfo
        switch info.content.kind {
        case "Pod" where flags.string("copy-to").isEmpty: pod = try await addContainer(call, info, &plan)
        case "Pod": pod = try await copyPod(call, info, &plan, images)
        case "Node": pod = try await debugNode(call, info, &plan)
        default: throw KubectlError("\(info.displayName) cannot be debugged: name a pod or a node")
        }
        let isAttaching = flags.isSet("attach") ? flags.bool("attach") : flags.bool("stdin")
        if isAttaching, !plan.name.isEmpty { try await attach(call, pod, plan.name) }
    }

    private static func setImages(_ texts: [String]) throws(KubectlError) -> [String: String] {
        var images: [String: String] = [:]
        for text in texts {
            guard let (name, image) = text.split(atFirst: "=") else {
                throw KubectlError("invalid set image: \(text)")
            }
            images[name] = image
        }
        return images
    }

    // MARK: Creating

    private static func addContainer(
        _ call: Invocation, _ info: ResourceInfo, _ plan: inout DebugPlan
    ) async throws -> ResourceInfo {
        nameContainer(call, &plan)
        var container = try plan.container(.ephemeral)
        if let target = call.flags.given("target") {
            container["targetContainerName"] = .string(target)
            say(
                call,
                "Targeting container \(goQuoted(target)). If you don't see processes from this container it may be "
                    + "because the container runtime doesn't support this feature.")
        }
        return info.refreshed(
            try await call.session.resources().patch(
                info, .strategicMerge, ["spec": ["ephemeralContainers": [container]]],
                subresource: "ephemeralcontainers", options: try call.writeOptions()))
    }

    private static func copyPod(
        _ call: Invocation, _ info: ResourceInfo, _ plan: inout DebugPlan, _ images: [String: String]
    ) async throws -> ResourceInfo {
        if plan.name.isEmpty, !plan.image.isEmpty { nameContainer(call, &plan) }
        let isNew = !(info.content[path: "spec", "containers"]?.array ?? []).contains {
            $0["name"]?.string == plan.name
        }
        let copy = try plan.copy(
            of: info.content, as: call.flags.string("copy-to"),
            sharesProcesses: isNew && call.flags.bool("share-processes"),
            staysOnNode: call.flags.bool("same-node"), images: images)
        let client = try call.session.resources()
        if call.flags.bool("replace") { _ = try await client.delete(info, DeleteOptions().value) }
        var created = info
        created.name = call.flags.string("copy-to")
        return created.refreshed(try await client.create(created, copy, options: try call.writeOptions()))
    }

    private static func debugNode(
        _ call: Invocation, _ info: ResourceInfo, _ plan: inout DebugPlan
    ) async throws -> ResourceInfo {
        if plan.name.isEmpty { plan.name = "debugger" }
        let podName = "node-debugger-\(info.name)-\(suffix())"
        say(call, "Creating debugging pod \(podName) with container \(plan.name) on node \(info.name).")
        let pod = ResourceInfo(
            resource: try APIResource.builtIn(apiVersion: "v1", kind: "Pod"),
            namespace: try call.session.namespace(), name: podName)
        return pod.refreshed(
            try await call.session.resources().create(
                pod, try plan.nodePod(info.name, podName: podName), options: try call.writeOptions()))
    }

    private static func nameContainer(_ call: Invocation, _ plan: inout DebugPlan) {
        guard plan.name.isEmpty else { return }
        plan.name = "debugger-\(suffix())"
        say(call, "Defaulting debug container name to \(plan.name).")
    }

    /// Letters and digits that make no words, as Kubernetes' names have them.
    private static func suffix() -> String {
        let letters = Array("bcdfghjklmnpqrstvwxz2456789")
        return String((0..<5).map { _ in letters[Int.random(in: letters.indices)] })
    }

    private static func say(_ call: Invocation, _ text: String) {
        if !call.flags.bool("quiet") { call.line(text) }
    }

    // MARK: Attaching

    private static func attach(_ call: Invocation, _ info: ResourceInfo, _ container: String) async throws {
        let pod = try await started(call, info, container)
        var attaching = call
        if let spec = call.flags.spec("container") {
            try attaching.flags.add(spec, container, written: "--container")
        }
        if status(of: container, in: pod.content)?.at("state", "running") != nil {
            do {
                return try await AttachCommand.attach(attaching, pod)
            } catch let error as KubectlError where error.form != .plain {
                throw error
            } catch let error where !(error is CancellationError) {
                call.errorLine(
                    "warning: couldn't attach to pod/\(pod.name), falling back to streaming logs: \(error)")
            }
        }
        let response = try await call.session.rest().send(
            RESTRequest("GET", pod.path(subresource: "log"), query: [.init("container", container)]))
        while let piece = try await response.body.next() { call.write(piece) }
    }

    private static func started(
        _ call: Invocation, _ info: ResourceInfo, _ container: String
    ) async throws -> ResourceInfo {
        let found = try await withTimeout(
            call.flags.duration("pod-running-timeout"), sleep: call.environment.sleep,
            timeout: { KubectlError("timed out waiting for the condition") }
        ) {
            var found = info.content
            try await call.session.resources().follow(info) { object in
                guard let object else { throw KubectlError("pod \(goQuoted(info.name)) was deleted") }
                found = object
                let state = status(of: container, in: object)?["state"]
                return state?["running"] != nil || state?["terminated"] != nil
            }
            return found
        }
        return ResourceQuery.info(info.resource, found)
    }

    private static func status(of container: String, in pod: APIObject) -> JSONValue? {
        ["ephemeralContainerStatuses", "containerStatuses", "initContainerStatuses"]
            .flatMap { pod[path: "status", $0]?.array ?? [] }.first { $0["name"]?.string == container }
    }
}
