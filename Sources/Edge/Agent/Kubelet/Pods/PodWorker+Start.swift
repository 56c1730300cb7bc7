internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeRuntime
internal import EdgeSystem

/// Why a container could not be started, in the words of its status.
struct StartFailure: Error {
    var reason: String
    var message: String
    var retryAfter: Duration = .seconds(10)
}

extension PodWorker {
    /// Image, configuration, container, start, postStart.
    func start(_ container: EdgeAPI.Container, _ start: PodPlan.ContainerStart, in sandbox: String)
        async throws
    {
        if let end = start.previousEnd {
            backoffs[container.name] = .next(
                after: backoffs[container.name], failed: end, now: context.clock.now)
        }
        let image = try await image(of: container)
        let holder = Self.holder(uid, container.name, start.attempt)
        let id: String
        do {
            let config = try await config(container, start, image, holder: holder)
            do {
                id = try await context.runtime.createContainer(config, in: sandbox)
            } catch {
                throw failed(container, "CreateContainerError", "\(error)")
            }
        } catch {
            context.provider.release(holder)
            throw error
        }
        context.report(pod, .normal, "Created", "Created container: \(container.name)", container: container)
        do {
            try await context.runtime.startContainer(id)
        } catch {
            // It counts as a run that has ended at once.
            throw failed(container, "RunContainerError", "\(error)", after: .seconds(1))
        }
        applied[id] = container.resources
        context.report(pod, .normal, "Started", "Started container \(container.name)", container: container)
        try await postStart(container, id)
        await removeOldRuns(of: container.name)
    }

    private func failed(
        _ container: EdgeAPI.Container, _ reason: String, _ message: String,
        after delay: Duration = .seconds(10)
    ) -> StartFailure {
        context.report(pod, .warning, "Failed", "Error: \(message)", container: container)
        return StartFailure(reason: reason, message: message, retryAfter: delay)
    }

    private func image(of container: EdgeAPI.Container) async throws -> ImageSummary {
        let context = context
        let pod = pod
        let secrets = try await pullSecrets()
        do {
            return try await context.images.ensure(container, podUID: uid, dockerConfigs: secrets) {
                context.report(pod, $0, $1, $2, container: container)
            }
        } catch let failure as ImageFailure {
            throw StartFailure(
                reason: failure.reason, message: failure.message, retryAfter: failure.retryAfter)
        }
    }

    /// The contents of the pod's imagePullSecrets; one that is missing is told of and left out.
    private func pullSecrets() async throws -> [[UInt8]] {
        var configs: [[UInt8]] = []
        for reference in pod.spec.imagePullSecrets where !reference.name.isEmpty {
            guard let secret = try? await context.objects.secret(pod.namespace, reference.name) else {
                try Task.checkCancellation()
                context.report(
                    pod, .warning, "FailedToRetrieveImagePullSecret",
                    "Unable to retrieve some image pull secrets (\(reference.name)); attempting to pull the image "
                        + "may not succeed.")
                continue
            }
            let data = secret.decodedData
            if let config = data[".dockerconfigjson"] ?? data[".dockercfg"] { configs.append(config) }
        }
        return configs
    }

    private func config(
        _ container: EdgeAPI.Container, _ start: PodPlan.ContainerStart, _ image: ImageSummary, holder: String
    ) async throws -> ContainerConfig {
        do {
            let objects = try await context.objects.references(of: pod)
            let prepared = try await context.provider.prepare(container.image, holder: holder)
            let paths = PodPaths(pod, context.configuration)
            try await context.pool.run { try Self.prepareMessage(paths, container, start.attempt) }
            var plan = ContainerLaunch(
                pod: pod, container: container, attempt: start.attempt, image: image, prepared: prepared,
                objects: objects, fields: fields(), services: services(), volumes: volumes ?? [:],
                paths: paths,
                memoryCapacity: context.node.memory)
            plan.targetID = try target(of: container)
            return try plan.config()
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw failed(container, "CreateContainerConfigError", "\(error)")
        }
    }

    /// The running container whose processes an ephemeral one is to see.
    private func target(of container: EdgeAPI.Container) throws(KubeletError) -> String? {
        let name = container.targetContainerName
        guard !name.isEmpty, !pod.spec.shareProcessNamespace, !pod.spec.hostPID else { return nil }
        guard let run = runtimeState().last(name), run.isRunning else {
            throw KubeletError("unable to find target container \"\(name)\"")
        }
        return run.id
    }

    private func services() -> [(name: String, value: String)] {
        let spec = pod.spec
        let services = context.services.list().compactMap { try? Service(decoding: $0) }
        return ServiceEnvironment.variables(
            services, namespace: pod.namespace, links: spec.enableServiceLinks,
            master: context.configuration.masterServiceNamespace)
    }

    /// An empty file that any user of the container may write to.
    private static func prepareMessage(_ paths: PodPaths, _ container: EdgeAPI.Container, _ attempt: Int)
        throws
    {
        let path = paths.message(container.name, attempt)
        try Directory.make(paths.messageDirectory(container.name), mode: 0o755)
        try File.write([], to: path, mode: 0o666)
        try PathOperations.setMode(0o666, of: path)
    }

    private func postStart(_ container: EdgeAPI.Container, _ id: String) async throws {
        guard let handler = container.lifecycle?.postStart else { return }
        let target = Prober.Target(container: container, containerID: id, address: address)
        guard let cause = await HookRunner(prober: context.prober).run(handler, target) else { return }
        try Task.checkCancellation()
        context.report(
            pod, .warning, "FailedPostStartHook", "PostStartHook failed: \(cause)", container: container)
        context.report(
            pod, .normal, "Killing", "FailedPostStartHook", container: container)
        try? await context.runtime.stopContainer(
            id, grace: .seconds(pod.spec.terminationGracePeriodSeconds), signal: nil)
        throw StartFailure(reason: "PostStartHookError", message: cause, retryAfter: .seconds(1))
    }

    // MARK: Ended runs

    /// The last run and the one before it stay, as users see them.
    private func removeOldRuns(of name: String) async {
        let runs = runtimeState().runs.filter { $0.name == name && !$0.sandboxID.isEmpty }
        for run in runs.sorted(by: { $0.attempt < $1.attempt }).dropLast(2) { await remove(run) }
    }

    func remove(_ run: ContainerRun) async {
        try? await context.runtime.removeContainer(run.id)
        context.provider.release(Self.holder(uid, run.name, run.attempt))
        messages[run.id] = nil
        let path = PodPaths(pod, context.configuration).message(run.name, run.attempt)
        try? await context.pool.run { try File.remove(path) }
    }

    /// Reads what ended containers have left as their last words, once for each.
    func collectMessages() async {
        let paths = PodPaths(pod, context.configuration)
        for run in runtimeState().runs where !run.sandboxID.isEmpty && messages[run.id] == nil {
            guard let exit = run.exit, let container = container(run.name) else { continue }
            let file = paths.message(run.name, run.attempt)
            let log = paths.logFile(run.name, run.attempt)
            let text = try? await context.pool.run {
                let bytes = try? FileTail.head(file, limit: TerminationMessage.maximumFileBytes)
                return TerminationMessage.text(container, exitCode: exit.code, file: bytes ?? []) {
                    LogTail.lastWords(log)
                }
            }
            messages[run.id] = text ?? ""
        }
    }
}
