internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl run`
enum RunCommand {
    static let spec = CommandSpec(
        "run", "Run a particular image on the cluster",
        usage:
            "NAME --image=image [--env=\"key=value\"] [--port=port] [--dry-run=server|client] [--command] -- "
            + "[COMMAND] [args...]",
        examples: [
            "kubectl run nginx --image=nginx",
            "kubectl run hazelcast --image=hazelcast/hazelcast --port=5701",
            "kubectl run -i -t busybox --image=busybox --restart=Never --rm -- sh",
        ],
        flags: FlagSets.output + [
            FlagSets.dryRun, FlagSets.fieldManager("kubectl-run"), FlagSets.podRunningTimeout,
            FlagSpec("annotations", nil, .stringArray, "Annotation of the pod: key=value."),
            FlagSpec("attach", nil, .bool, "Attach to the pod once it runs."),
            FlagSpec("command", nil, .bool, "What follows is the command, not its arguments."),
            FlagSpec("container", "c", .string, "Container to attach to."),
            FlagSpec("env", nil, .stringArray, "Environment variable: name=value."),
            FlagSpec("expose", nil, .bool, "Make a service for the pod, with --port."),
            FlagSpec("image", nil, .string, "Image to run."),
            FlagSpec("image-pull-policy", nil, .string, "Always, IfNotPresent or Never."),
            FlagSpec("labels", "l", .string, "Labels of the pod: a=b,c=d."),
            FlagSpec("leave-stdin-open", nil, .bool, "Keep standard input open after the first attach."),
            FlagSpec("overrides", nil, .string, "JSON to merge into the pod."),
            FlagSpec("override-type", nil, .string, default: "merge", "json, merge or strategic."),
            FlagSpec("port", nil, .string, "Port that the container exposes."),
            FlagSpec("privileged", nil, .bool, "Run the container in privileged mode."),
            FlagSpec("quiet", "q", .bool, "Print only what the container prints."),
            FlagSpec("restart", nil, .string, default: "Always", "Always, OnFailure or Never."),
            FlagSpec("rm", nil, .bool, "Delete the pod once the attached session ends."),
            FlagSpec("save-config", nil, .bool, "Keep the configuration in the object for a later apply."),
            FlagSpec("stdin", "i", .bool, "Keep standard input open, and attach."),
            FlagSpec("tty", "t", .bool, "Give the container a terminal."),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        let isAttaching = call.flags.isSet("attach") ? call.flags.bool("attach") : call.flags.bool("stdin")
        let dryRun = try DryRun(call)
        try validate(call, isAttaching: isAttaching, dryRun)
        let name = call.arguments[0]
        let labels = try call.flags.given("labels").map(labels) ?? ["run": name]
        let pod = try overridden(call, try pod(call, name, labels, isAttaching: isAttaching))
        var created = [try await create(call, pod, dryRun)]
        if call.flags.bool("expose") {
            created.append(try await create(call, try service(call, name, labels), dryRun))
        }
        guard isAttaching else {
            var printer = try ChangePrinter(call, dryRun)
            for info in created { try printer.show(info, "created") }
            return
        }
        do {
            try await attach(call, created[0])
        } catch {
            await remove(call, created)
            throw error
        }
        await remove(call, created)
    }

    private static func validate(_ call: Invocation, isAttaching: Bool, _ dryRun: DryRun) throws {
        let flags = call.flags
        guard !flags.string("image").isEmpty else {
            throw KubectlError("required flag(s) \"image\" not set")
        }
        guard !call.argumentsBeforeDash.isEmpty else {
            throw KubectlError.arguments("NAME is required for run")
        }
        if flags.bool("tty"), !flags.bool("stdin") {
            throw KubectlError("-i/--stdin is required for containers with -t/--tty=true")
        }
        if flags.bool("expose"), flags.string("port").isEmpty {
            throw KubectlError("--port must be set when exposing a service")
        }
        if !flags.string("port").isEmpty, Int(flags.string("port")) == nil {
            throw KubectlError("--port must be a number")
        }
        if !isAttaching, flags.bool("rm") {
            throw KubectlError("--rm should only be used for attached containers")
        }
        if isAttaching, dryRun != .none {
            throw KubectlError.arguments(
                "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, "
                    + "or --tty)")
        }
        guard ["Always", "OnFailure", "Never"].contains(flags.string("restart")) else {
            throw KubectlError(
                "invalid restart policy: \(flags.string("restart"))\nSee 'kubectl run -h' for help and examples"
            )
        }
    }

    /// `a=b,c=d`
    static func labels(_ text: String) throws -> [String: String] {
        var labels: [String: String] = [:]
        for part in text.split(separator: ",") {
            guard let (key, value) = String(part).split(atFirst: "="), !key.isEmpty else {
                throw KubectlError("unexpected label spec: \(part)")
            }
            labels[key] = value
        }
        return labels
    }

    private static func pod(
        _ call: Invocation, _ name: String, _ labels: [String: String], isAttaching: Bool
    ) throws -> JSONValue {
        let flags = call.flags
        var container: JSONValue = ["image": .string(flags.string("image")), "name": .string(name)]
        let words = Array(call.arguments.dropFirst())
        if !words.isEmpty { container[flags.bool("command") ? "command" : "args"] = .strings(words) }
        if !flags.strings("env").isEmpty {
            container["env"] = .array(
                try flags.strings("env").map { text in
                    guard let (name, value) = text.split(atFirst: "="), !name.isEmpty else {
                        throw KubectlError("invalid env: \(text)")
                    }
                    return ["name": .string(name), "value": .string(value)]
                })
        }
        if let policy = flags.given("image-pull-policy") { container["imagePullPolicy"] = .string(policy) }
        if let port = Int64(flags.string("port")) { container["ports"] = [["containerPort": .int(port)]] }
        container["resources"] = [:]
        if flags.bool("privileged") { container["securityContext"] = ["privileged": true] }
        if flags.bool("stdin") {
            container["stdin"] = true
            if !flags.bool("leave-stdin-open") { container["stdinOnce"] = true }
        }
        if flags.bool("tty") { container["tty"] = true }
        var value = JSONValue.object("v1", "Pod", name: name, labels: labels)
        var annotations: [String: String] = [:]
        for text in flags.strings("annotations") {
            guard let (key, content) = text.split(atFirst: "="), !key.isEmpty else {
                throw KubectlError("unexpected annotation: \(text)")
            }
            annotations[key] = content
        }
        if !annotations.isEmpty { value[path: "metadata", "annotations"] = .strings(annotations) }
        value["spec"] = [
            "containers": [container], "dnsPolicy": "ClusterFirst",
            "restartPolicy": .string(flags.string("restart")),
        ]
        value["status"] = [:]
        return value
    }

    private static func service(
        _ call: Invocation, _ name: String, _ labels: [String: String]
    ) throws -> JSONValue {
        let port = JSONValue.int(Int64(call.flags.string("port")) ?? 0)
        var value = JSONValue.object("v1", "Service", name: name)
        value["spec"] = [
            "ports": [["port": port, "protocol": "TCP", "targetPort": port]], "selector": .strings(labels),
        ]
        value["status"] = ["loadBalancer": [:]]
        return value
    }

    private static func overridden(_ call: Invocation, _ pod: JSONValue) throws -> JSONValue {
        guard let text = call.flags.given("overrides"), !text.isEmpty else { return pod }
        let patch: JSONValue
        do {
            patch = try JSONParser.parse(Array(text.utf8))
        } catch {
            throw KubectlError("invalid overrides: \(error)")
        }
        switch call.flags.string("override-type") {
        case "json": return try LocalPatch.apply(.json, patch, to: pod)
        case "merge": return try LocalPatch.apply(.merge, patch, to: pod)
        case "strategic": return try LocalPatch.apply(.strategicMerge, patch, to: pod)
        case let other: throw KubectlError("invalid override type: \(other)")
        }
    }

    private static func create(
        _ call: Invocation, _ value: JSONValue, _ dryRun: DryRun
    ) async throws -> ResourceInfo {
        guard var object = APIObject(value) else { throw KubectlError("the overrides leave no object") }
        let resource = try APIResource.builtIn(apiVersion: object.apiVersion, kind: object.kind)
        let namespace = try call.session.namespace()
        if call.session.isNamespaceExplicit {
            object[path: "metadata", "namespace"] = .string(namespace)
        }
        if call.flags.bool("save-config") { object = LastApplied.annotated(object) }
        let info = ResourceInfo(resource: resource, namespace: namespace, name: object.name, object: object)
        guard dryRun != .client else { return info }
        return info.refreshed(
            try await call.session.resources().create(
                info, object.value, options: try call.writeOptions(dryRun)))
    }

    // MARK: Attached

    private static func attach(_ call: Invocation, _ info: ResourceInfo) async throws {
        let running = try await wait(call, info) { pod in
            let phase = pod[path: "status", "phase"]?.string
            return phase == "Succeeded" || phase == "Failed" || (phase == "Running" && PodFinder.isReady(pod))
        }
        let phase = running[path: "status", "phase"]?.string
        let pod = ResourceQuery.info(info.resource, running)
        if phase == "Running" {
            do {
                try await AttachCommand.attach(call, pod)
            } catch let error as KubectlError where error.form != .plain {
                throw error
            } catch let error where !(error is CancellationError) {
                call.errorLine(
                    "warning: couldn't attach to pod/\(info.name), falling back to streaming logs: \(error)")
                try await showLog(call, pod, follows: true)
            }
        } else {
            try await showLog(call, pod, follows: false)
        }
        let restart = call.flags.string("restart")
        guard restart != "Always", !call.flags.bool("leave-stdin-open") else { return }
        let ended = try await wait(call, info) { pod in
            let phase = pod[path: "status", "phase"]?.string
            return phase == "Succeeded" || (phase == "Failed" && restart == "Never")
        }
        try checkEnd(ended)
    }

    private static func showLog(_ call: Invocation, _ pod: ResourceInfo, follows: Bool) async throws {
        let query = follows ? [RESTRequest.Field("follow", "true")] : []
        let response = try await call.session.rest()
            .send(RESTRequest("GET", pod.path(subresource: "log"), query: query))
        while let piece = try await response.body.next() { call.write(piece) }
    }

    private static func wait(
        _ call: Invocation, _ info: ResourceInfo, until isDone: @escaping @Sendable (APIObject) -> Bool
    ) async throws -> APIObject {
        try await withTimeout(
            call.flags.duration("pod-running-timeout"), sleep: call.environment.sleep,
            timeout: { KubectlError("timed out waiting for the condition") }
        ) {
            var found = info.content
            try await call.session.resources().follow(info) { object in
                guard let object else { throw KubectlError("pod \(goQuoted(info.name)) was deleted") }
                found = object
                return isDone(object)
            }
            return found
        }
    }

    private static func checkEnd(_ pod: APIObject) throws {
        guard pod[path: "status", "phase"]?.string == "Failed" else { return }
        let name = "\(pod.namespace)/\(pod.name)"
        let terminated = pod[path: "status", "containerStatuses"]?.array?.first?.at("state", "terminated")
        guard let code = terminated?["exitCode"]?.int, code != 0 else {
            throw KubectlError("pod \(name) failed with unknown exit code")
        }
        let reason = terminated?["reason"]?.string ?? ""
        let message = terminated?["message"]?.string ?? ""
        throw KubectlError(
            "pod \(name) terminated (\(reason))\n\(message)", form: .verbatim, exitCode: Int32(clamping: code)
        )
    }

    /// With `--rm`.
    private static func remove(_ call: Invocation, _ infos: [ResourceInfo]) async {
        guard call.flags.bool("rm") else { return }
        for info in infos {
            do {
                _ = try await call.session.resources().delete(
                    info, DeleteOptions(propagation: .background).value)
                if !call.flags.bool("quiet") {
                    call.line("\(info.resource.kindName) \(goQuoted(info.name)) deleted")
                }
            } catch let error where !GetCommand.isNotFound(error) {
                call.errorLine(ErrorMessage.inner(error, prefix: "error: "))
            } catch {}
        }
    }
}
