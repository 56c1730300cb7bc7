internal import EdgeAPI
internal import EdgeRuntime
internal import EdgeSystem
internal import EdgeTransport
internal import NIOCore

extension KubeletHandler {
    // MARK: exec

    func exec(_ request: HTTPServerRequest) -> HTTPServerResponse {
        let command = request.head.target.values("command")
        guard !command.isEmpty else {
            return .text(400, "you must specify at least one command for the container\n")
        }
        guard let options = RemoteCommandOptions(request.head.target) else {
            return .text(400, "you must specify at least 1 of stdin, stdout, stderr\n")
        }
        switch lookUp(request) {
        case .failed(let response): return response
        case .found(let pod, let container):
            guard let id = runningID(pod, container.name) else {
                return .text(404, "container not found (\"\(container.name)\")\n")
            }
            let runtime = kubelet.context.runtime
            return RemoteCommandServer.answer(request, options: options) { session in
                var exec = ExecRequest(command)
                exec.wantsInput = options.stdin
                exec.wantsOutput = options.stdout
                exec.wantsErrorOutput = options.stderr
                exec.hasTerminal = options.tty
                do {
                    let process = try await runtime.openProcess(exec, in: id)
                    return await Self.serve(process, session)
                } catch {
                    return .failure(reason: "InternalError", message: "\(error)")
                }
            }
        }
    }

    /// Passes the streams in both directions until the process has ended and all of its output is out.
    private static func serve(_ process: any ContainerProcess, _ session: RemoteCommandSession) async
        -> RemoteCommandStatus
    {
        let input = Task {
            while let bytes = try await session.readStdin() {
                try await process.writeInput(Array(bytes.readableBytesView))
            }
            process.closeInput()
        }
        let resizes = Task {
            while let size = try await session.nextResize() {
                process.resize(columns: size.width, rows: size.height)
            }
        }
        defer {
            input.cancel()
            resizes.cancel()
            process.close()
        }
        async let output: Void = copy(
            { try await process.readOutput() }, { try await session.writeStdout($0) })
        async let errors: Void = copy(
            { try await process.readErrorOutput() }, { try await session.writeStderr($0) })
        let status = await process.wait()
        _ = await (output, errors)
        guard let status else {
            return .failure(reason: "InternalError", message: "the process was left alone")
        }
        return status.code == 0 ? .success : .exit(code: Int(status.code))
    }

    private static func copy(
        _ read: @Sendable () async throws -> [UInt8]?, _ write: @Sendable (ByteBuffer) async throws -> Void
    ) async {
        do {
            while let bytes = try await read() { try await write(ByteBuffer(bytes: bytes)) }
        } catch {
            // The other side has gone: what is left is for nobody.
        }
    }

    // MARK: attach

    func attach(_ request: HTTPServerRequest) -> HTTPServerResponse {
        switch lookUp(request) {
        case .failed(let response): return response
        case .found(let pod, let container):
            guard let id = runningID(pod, container.name) else {
                return .text(404, "container not found (\"\(container.name)\")\n")
            }
            guard var options = RemoteCommandOptions(request.head.target) else {
                return .text(400, "you must specify at least 1 of stdin, stdout, stderr\n")
            }
            options.tty = container.tty
            if container.tty { options.stderr = false }
            let passesInput = options.stdin
            let runtime = kubelet.context.runtime
            return RemoteCommandServer.answer(request, options: options) { session in
                do {
                    let attachment = try await runtime.openAttachment(id)
                    return await Self.serve(attachment, session, passesInput: passesInput)
                } catch {
                    return .failure(reason: "InternalError", message: "\(error)")
                }
            }
        }
    }

    private static func serve(
        _ attachment: any ContainerAttachment, _ session: RemoteCommandSession, passesInput: Bool
    ) async -> RemoteCommandStatus {
        let input = Task {
            guard passesInput, attachment.hasInput else { return }
            do {
                while let bytes = try await session.readStdin() {
                    try await attachment.writeInput(Array(bytes.readableBytesView))
                }
            } catch {
                // The client or the container has gone: no more input either way.
            }
            await attachment.endInput()
        }
        let resizes = Task {
            while let size = try await session.nextResize() {
                attachment.resize(columns: size.width, rows: size.height)
            }
        }
        defer {
            input.cancel()
            resizes.cancel()
            attachment.close()
        }
        do {
            while let chunk = try await attachment.next() {
                let bytes = ByteBuffer(bytes: chunk.bytes)
                switch chunk.stream {
                case .output: try await session.writeStdout(bytes)
                case .errorOutput: try await session.writeStderr(bytes)
                }
            }
            return .success
        } catch {
            return .failure(reason: "InternalError", message: "\(error)")
        }
    }

    // MARK: port-forward

    func portForward(_ request: HTTPServerRequest) -> HTTPServerResponse {
        let segments = request.segments
        guard segments.count == 3 || segments.count == 4 else { return .text(404, "404 page not found\n") }
        guard let pod = pod(segments[1], segments[2]), segments.count == 3 || pod.uid == segments[3] else {
            return .text(404, "pod \"\(segments[2])\" not found in namespace \"\(segments[1])\"\n")
        }
        let runtime = kubelet.context.runtime
        let sandbox = runtime.listPodSandboxes().last { $0.uid == pod.uid && $0.state == .ready }
        guard let sandbox else { return .text(404, "pod \"\(pod.name)\" is not running\n") }
        return PortForwardServer.answer(request) { port, client in
            guard let port = UInt16(exactly: port), port > 0 else {
                throw KubeletError("invalid port \(port)")
            }
            let connection = try await runtime.openConnection(port: port, inSandbox: sandbox.id)
            await Self.splice(client, connection)
        }
    }

    /// Until the pod has said all and the client, too, or one of them is gone.
    private static func splice(_ client: any ByteStream, _ connection: any ContainerConnection) async {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    while let bytes = try await client.read() {
                        try await connection.write(Array(bytes.readableBytesView))
                    }
                    return true
                } catch {
                    return false
                }
            }
            group.addTask {
                await copy({ try await connection.read() }, { try await client.write($0) })
                try? await client.finish()
                return false
            }
            while let goesOn = await group.next() {
                if !goesOn { group.cancelAll() }
            }
        }
        connection.close()
        client.close()
    }
}
