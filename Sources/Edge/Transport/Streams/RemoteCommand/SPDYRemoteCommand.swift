internal import NIOCore

/// Exec and attach over SPDY: one stream for each channel, told apart by the header `streamType`.
enum SPDYRemoteCommand {
    /// How long a client may take to open its streams.
    private static let creationTimeout = Duration.seconds(30)

    /// The streams that the client has opened, by type.
    private struct Streams: Sendable {
        var byType: [String: SPDYStream] = [:]

        subscript(type: String) -> SPDYStream? { byType[type] }
    }

    static func answer(
        _ request: HTTPServerRequest, _ options: RemoteCommandOptions,
        _ handler: @escaping RemoteCommandHandler
    ) -> HTTPServerResponse {
        switch SPDYHandshake.negotiate(request, supported: RemoteCommandServer.protocols) {
        case .failure(let refusal): return refusal.response
        case .success(let name):
            return SPDYHandshake.answer(chosen: name) { session in
                await serve(session, version: version(name), options, handler)
            }
        }
    }

    private static func version(_ name: String) -> Int {
        name.hasPrefix("v") ? name.dropFirst().first.flatMap { $0.wholeNumberValue } ?? 1 : 1
    }

    /// The types of the streams that the client must open.
    static func expectedTypes(_ options: RemoteCommandOptions, version: Int) -> Set<String> {
        var types: Set<String> = ["error"]
        if options.stdin { types.insert("stdin") }
        if options.stdout { types.insert("stdout") }
        if options.stderr { types.insert("stderr") }
        if options.tty, version >= 3 { types.insert("resize") }
        return types
    }

    private static func serve(
        _ session: SPDYSession, version: Int, _ options: RemoteCommandOptions,
        _ handler: @escaping RemoteCommandHandler
    ) async {
        let expected = expectedTypes(options, version: version)
        let opened = try? await Deadline.run(creationTimeout, "streams of the client") {
            try await collect(session, expected)
        }
        guard let streams = opened, let errors = streams["error"] else { return }
        let command = RemoteCommandSession(options: options) {
            try await streams["stdin"]?.read()
        } write: { output, bytes in
            try await streams[output == .stdout ? "stdout" : "stderr"]?.write(bytes)
        }
        await withTaskGroup(of: Void.self) { group in
            if let resize = streams["resize"] {
                group.addTask { await readSizes(resize, command) }
            } else {
                command.resizes.end()
            }
            // Nothing more may come; what does is refused.
            group.addTask { while let stream = try? await session.accept() { stream.reset(.refusedStream) } }
            let status = await handler(command)
            if let text = version >= 4 ? "\(status.status)" : status.text { try? await errors.write(text) }
            for type in ["stdout", "stderr", "error", "stdin", "resize"] {
                try? await streams[type]?.finish()
            }
            group.cancelAll()
        }
    }

    private static func collect(_ session: SPDYSession, _ expected: Set<String>) async throws -> Streams {
        var streams = Streams()
        while Set(streams.byType.keys) != expected {
            guard let stream = try await session.accept() else { throw StreamError.reset("session ended") }
            let type = stream.headers["streamType"] ?? ""
            guard expected.contains(type), streams.byType[type] == nil else {
                stream.reset(.protocolError)
                continue
            }
            try await stream.reply()
            streams.byType[type] = stream
        }
        return streams
    }

    private static func readSizes(_ stream: SPDYStream, _ command: RemoteCommandSession) async {
        var reader = TerminalSizeReader()
        while let bytes = try? await stream.read() {
            for size in reader.read(bytes) { command.pushResize(size) }
        }
        command.resizes.end()
    }
}
