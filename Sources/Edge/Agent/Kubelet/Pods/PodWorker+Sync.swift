internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeRuntime

extension PodWorker {
    /// One pass: looks at the pod, plans, and does what the plan says.
    func sync() async {
        if startTime == nil { startTime = context.clock.now }
        if !isAdmitted, let refusal = PodFeatures.refusal(pod) {
            context.report(pod, .warning, refusal.reason, refusal.message)
            failure = refusal
            phase = .terminating
            return
        }
        isAdmitted = true
        await collectMessages()
        if addresses.isEmpty { await readAddresses() }
        let state = runtimeState()
        context.probes.update(pod, state, address: address)
        let plan = makePlan(state)
        noteWaits(plan, state)
        if let kill = plan.kill, kill.isFinal {
            if !kill.reason.isEmpty {
                failure = WaitingReason(reason: kill.reason, message: kill.message)
                context.report(pod, .normal, kill.reason, kill.message)
            }
            phase = .terminating
            return
        }
        await resize(state)
        publish(state)
        if let wake = plan.wakeAt { self.wake(at: wake) }
        guard !plan.isEmpty else { return }
        await execute(plan, state)
        guard !Task.isCancelled else { return }
        await collectMessages()
        let after = runtimeState()
        context.probes.update(pod, after, address: address)
        publish(after)
    }

    var address: IPAddress? {
        pod.spec.hostNetwork ? context.configuration.nodeAddresses.first : addresses.first
    }

    private func makePlan(_ state: PodRuntimeState) -> PodPlan {
        var planner = PodPlanner(
            spec: pod.spec, state: state, probes: context.probes.results(of: uid), backoffs: backoffs,
            startTime: startTime, now: context.clock.now)
        planner.definition = { ContainerDefinition.name($0) }
        return PodPlanner.plan(planner)
    }

    /// Containers that wait for the end of their back-off say so; others lose what they waited for before.
    private func noteWaits(_ plan: PodPlan, _ state: PodRuntimeState) {
        for name in waiting.keys where state.last(name)?.isRunning == true { waiting[name] = nil }
        for wait in plan.waits {
            let seconds = wait.delay.inSeconds
            let text = seconds >= 60 ? Self.minutes(Int(seconds)) : "\(Int(seconds))s"
            let message =
                "back-off \(text) restarting failed container=\(wait.name) "
                + "pod=\(pod.name)_\(pod.namespace)(\(uid))"
            guard waiting[wait.name]?.reason != "CrashLoopBackOff" || waiting[wait.name]?.message != message
            else { continue }
            waiting[wait.name] = WaitingReason(reason: "CrashLoopBackOff", message: message)
            context.report(
                pod, .warning, "BackOff",
                "Back-off restarting failed container \(wait.name) in pod \(pod.name)_\(pod.namespace)(\(uid))",
                container: container(wait.name))
        }
    }

    /// `1m20s`, `5m0s` as Go writes durations.
    private static func minutes(_ seconds: Int) -> String { "\(seconds / 60)m\(seconds % 60)s" }

    func container(_ name: String) -> EdgeAPI.Container? {
        pod.spec.allContainers.first { $0.name == name }
    }

    // MARK: Doing

    private func execute(_ plan: PodPlan, _ state: PodRuntimeState) async {
        for kill in plan.kills { await carryOut(kill, state) }
        do {
            if plan.kill != nil { try await removeSandboxes(state) }
            if plan.sandboxAttempt != nil || !plan.starts.isEmpty { try await prepareVolumes() }
            if let attempt = plan.sandboxAttempt { try await makeSandbox(attempt) }
        } catch is CancellationError {
            return
        } catch {
            context.report(pod, .warning, Self.eventReason(error), "\(error)")
            return wakeAfterFailure()
        }
        guard let sandbox = runtimeState().readySandbox else { return }
        var retry: Duration?
        for start in plan.starts {
            guard !Task.isCancelled, let container = container(start.name) else { return }
            do {
                try await self.start(container, start, in: sandbox.id)
                waiting[start.name] = nil
            } catch is CancellationError {
                return
            } catch {
                let failure =
                    error as? StartFailure ?? StartFailure(reason: "RunContainerError", message: "\(error)")
                waiting[start.name] = WaitingReason(reason: failure.reason, message: failure.message)
                retry = min(retry ?? failure.retryAfter, failure.retryAfter)
            }
        }
        if let retry { wake(after: retry) } else { failures = 0 }
    }

    private static func eventReason(_ error: any Error) -> String {
        switch error {
        case is SandboxFailure: "FailedCreatePodSandBox"
        case is VolumeFailure: "FailedMount"
        default: "FailedKillPod"
        }
    }

    private func carryOut(_ kill: PodPlan.ContainerKill, _ state: PodRuntimeState) async {
        guard let container = container(kill.name), let run = state.runs.first(where: { $0.id == kill.id })
        else {
            return
        }
        let grace = kill.grace ?? pod.spec.terminationGracePeriodSeconds
        switch kill.reason {
        case .notStarted:
            return await remove(run)
        case .livenessProbe:
            context.report(
                pod, .normal, "Killing", "Container \(kill.name) failed liveness probe, will be restarted",
                container: container)
        case .startupProbe:
            context.report(
                pod, .normal, "Killing", "Container \(kill.name) failed startup probe, will be restarted",
                container: container)
        case .definitionChanged:
            context.report(
                pod, .normal, "Killing", "Container \(kill.name) definition changed, will be restarted",
                container: container)
        }
        await self.stop(run, container, grace: .seconds(grace), announces: false)
        // The end of the container leads to the next pass, which restarts it by its policy.
        mailbox.poke()
    }

    // MARK: Sandbox

    private func prepareVolumes() async throws {
        guard volumes == nil else { return }
        do {
            volumes = try await context.volumes.prepare(pod, fields: fields())
        } catch {
            throw VolumeFailure(description: "\(error)")
        }
    }

    private func makeSandbox(_ attempt: Int) async throws {
        if !pod.spec.hostNetwork, let reason = await context.network.unreadyReason() {
            throw SandboxFailure(description: "network is not ready: \(reason)")
        }
        do {
            let names = try PodHostname(
                pod, nodeHostname: context.configuration.nodeName,
                clusterDomain: context.configuration.clusterDomain)
            let config = SandboxPlan.config(
                pod, hostname: names.hostname, attempt: attempt, configuration: context.configuration)
            let sandbox = try await context.runtime.runPodSandbox(config)
            do {
                try await connect(sandbox)
                try await PodFiles(pod, names, addresses, context.configuration).write(context.pool)
            } catch {
                try? await context.network.detach(sandbox.id)
                try? await context.runtime.removePodSandbox(sandbox.id)
                throw error
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw SandboxFailure(description: "Failed to create pod sandbox: \(error)")
        }
    }

    private func connect(_ sandbox: PodSandbox) async throws {
        guard let path = sandbox.networkNamespacePath else {
            addresses = []
            return
        }
        addresses = try await context.network.attach(sandbox.id, namespacePath: path)
    }

    /// After a restart of edge the network knows the pod's addresses.
    private func readAddresses() async {
        guard !pod.spec.hostNetwork, let sandbox = runtimeState().readySandbox else { return }
        addresses = (try? await context.network.addresses(of: sandbox.id)) ?? []
    }

    func removeSandboxes(_ state: PodRuntimeState) async throws {
        for sandbox in state.sandboxes {
            try await context.network.detach(sandbox.id)
            try await context.runtime.stopPodSandbox(sandbox.id)
            // Their runs count on: what they ended with decides what is started in the next one.
            let ended = runtimeState().runs.filter { $0.sandboxID == sandbox.id && $0.exit != nil }
            for run in ended {
                keep(run)
                context.provider.release(Self.holder(uid, run.name, run.attempt))
            }
            try await context.runtime.removePodSandbox(sandbox.id)
        }
        addresses = []
    }

    /// The last run of each container outlives the sandbox that it was in.
    func keep(_ run: ContainerRun) {
        var run = run
        run.sandboxID = ""
        remembered.removeAll { $0.name == run.name && $0.attempt <= run.attempt }
        remembered.append(run)
    }
}

struct SandboxFailure: Error, CustomStringConvertible {
    let description: String
}

struct VolumeFailure: Error, CustomStringConvertible {
    let description: String
}

extension PodWorker {
    /// Tells of a probe that did not succeed.
    func reportProbe(_ kind: ProbeKind, _ name: String, _ outcome: ProbeOutcome) {
        guard let container = container(name) else { return }
        switch outcome {
        case .success: return
        case .failure(let cause):
            context.report(
                pod, .warning, "Unhealthy", "\(kind.rawValue) probe failed: \(cause)", container: container)
        case .unknown(let cause):
            context.report(
                pod, .warning, "Unhealthy", "\(kind.rawValue) probe errored: \(cause)", container: container)
        }
    }
}
