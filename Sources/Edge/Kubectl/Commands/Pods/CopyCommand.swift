internal import EdgeClient
internal import EdgeJSON

/// `kubectl cp`
enum CopyCommand {
    static let spec = CommandSpec(
        "cp", "Copy files and directories to and from containers",
        usage: "<file-spec-src> <file-spec-dest>",
        examples: [
            "kubectl cp /tmp/foo <some-namespace>/<some-pod>:/tmp/bar",
            "kubectl cp <some-pod>:/tmp/foo /tmp/bar",
        ],
        flags: [
            FlagSpec("container", "c", .string, "Container to copy to or from."),
            FlagSpec("no-preserve", nil, .bool, "Do not keep owner and mode in the container."),
            .refused("retries", nil, .int, "copy again after a failure"),
        ], run: run)

    private struct Place {
        var namespace: String
        var pod: String
        var path: String
        var isRemote: Bool { !pod.isEmpty }
    }

    /// `path`, `pod:path` or `namespace/pod:path`.
    private static func place(_ text: String) throws -> Place {
        guard let colon = text.firstIndex(of: ":"), colon > text.startIndex, !text.hasPrefix("/"),
            !text.hasPrefix(".")
        else { return Place(namespace: "", pod: "", path: text) }
        let (pod, path) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
        let parts = pod.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, !path.isEmpty else {
            throw KubectlError("filespec must match the canonical format: [[namespace/]pod:]file/path")
        }
        return parts.count == 2
            ? Place(namespace: parts[0], pod: parts[1], path: path)
            : Place(namespace: "", pod: parts[0], path: path)
    }

    private static func run(_ call: Invocation) async throws {
        guard call.arguments.count == 2 else { throw KubectlError("source and destination are required") }
        let (source, target) = (try place(call.arguments[0]), try place(call.arguments[1]))
        if source.isRemote, target.isRemote {
            throw KubectlError("one of src or dest must be a local file specification")
        }
        guard source.isRemote || target.isRemote else {
            throw KubectlError("one of src or dest must be a remote file specification")
        }
        if source.path.isEmpty || target.path.isEmpty { throw KubectlError("filepath can not be empty") }
        if source.isRemote {
            try await copyFrom(call, source, to: target.path)
        } else {
            try await copyTo(call, source.path, target)
        }
    }

    private struct Target {
        let pod: ResourceInfo
        let container: String
    }

    private static func target(_ call: Invocation, _ place: Place) async throws -> Target {
        let pods = try APIResource.builtIn(apiVersion: "v1", kind: "Pod")
        let namespace = place.namespace.isEmpty ? try call.session.namespace() : place.namespace
        let pod = ResourceInfo(resource: pods, namespace: namespace, name: place.pod)
        let found = pod.refreshed(try await call.session.resources().get(pod))
        let container = try PodContainers.choose(
            found.content, named: call.flags.string("container"), call)
        return Target(pod: pod, container: container)
    }

    private static func open(
        _ call: Invocation, _ target: Target, _ command: [String], hasInput: Bool
    ) async throws -> any CommandStream {
        try await call.session.streams().openCommand(
            ExecCommand.request(
                target.pod, "exec", container: target.container, command: command, hasInput: hasInput,
                isTerminal: false))
    }

    // MARK: To the pod

    private static func copyTo(_ call: Invocation, _ path: String, _ target: Place) async throws {
        guard HostFiles.exists(path) else {
            throw KubectlError("\(path) doesn't exist in local filesystem")
        }
        var (directory, name) = split(target.path)
        let pod = try await self.target(call, target)
        let isDirectory = try await isDirectory(call, pod, target.path)
        if target.path.hasSuffix("/") || isDirectory {
            // Into a directory: the file keeps its name.
            directory = target.path
            name = split(path).1
        }
        var command = ["tar", "-xmf", "-"]
        if call.flags.bool("no-preserve") {
            command = ["tar", "--no-same-permissions", "--no-same-owner", "-xmf", "-"]
        }
        if !directory.isEmpty { command += ["-C", directory] }
        let stream = try await open(call, pod, command, hasInput: true)
        let archive = TarWriter(root: path, name: name)
        try await RemoteCommand(call: call, hasInput: true, isTerminal: false, input: archive).run(stream)
    }

    /// Whether the path is a directory in the container; no where there is no `test` to ask.
    private static func isDirectory(_ call: Invocation, _ target: Target, _ path: String) async throws -> Bool
    {
        let stream = try await open(call, target, ["test", "-d", path], hasInput: false)
        var question = RemoteCommand(call: call, hasInput: false, isTerminal: false)
        question.output = { _ in }
        question.errors = { _ in }
        do {
            try await question.run(stream)
            return true
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return false
        }
    }

    static func split(_ path: String) -> (directory: String, name: String) {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        guard let slash = path.lastIndex(of: "/") else { return ("", String(path)) }
        let directory = slash == path.startIndex ? "/" : String(path[..<slash])
        return (directory, String(path[path.index(after: slash)...]))
    }

    // MARK: From the pod

    private static func copyFrom(_ call: Invocation, _ source: Place, to path: String) async throws {
        let pod = try await target(call, source)
        let stream = try await open(call, pod, ["tar", "cf", "-", source.path], hasInput: false)
        let extractor = TarExtractor(
            source: source.path, target: path, warn: { call.errorLine("warning: \($0)") })
        var command = RemoteCommand(call: call, hasInput: false, isTerminal: false)
        command.output = { try await extractor.take($0) }
        try await command.run(stream)
        try await extractor.finish()
    }
}
