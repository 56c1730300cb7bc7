internal import EdgeAPI
internal import EdgeBase
internal import EdgeClient
internal import EdgeSystem
internal import Logging

extension PodWorker {
    /// Seconds that the pod's containers have to end.
    var terminationGrace: Int {
        let own = pod.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds
        let limited = stop?.grace.map { min($0, own) } ?? own
        // Not even a forced deletion takes the second that a signal needs.
        return max(1, limited)
    }

    /// Ends everything, tells the API how, and frees what the pod held.
    func terminate() async {
        cancelTimers()
        context.probes.stop(uid, kinds: [.liveness, .startup])
        if addresses.isEmpty, let ip = IPAddress(pod.status.podIP) { addresses = [ip] }
        publish(runtimeState(), isTerminating: true)
        await stopContainers(grace: .seconds(terminationGrace))
        // Interrupted to end sooner: the next pass does the rest.
        guard !Task.isCancelled else { return mailbox.poke() }
        context.probes.stop(uid)
        await collectMessages()
        let state = runtimeState()
        guard !state.isAnyRunning else { return wakeAfterFailure() }
        do {
            for sandbox in state.sandboxes {
                try await context.network.detach(sandbox.id)
                try await context.runtime.stopPodSandbox(sandbox.id)
            }
        } catch {
            context.report(pod, .warning, "FailedKillPod", "error killing pod: \(error)")
            return wakeAfterFailure()
        }
        var ended = state
        for index in ended.sandboxes.indices { ended.sandboxes[index].isReady = false }
        final = ended
        publish(ended, isTerminating: true)
        do {
            for sandbox in state.sandboxes { try await context.runtime.removePodSandbox(sandbox.id) }
            try await context.volumes.tearDown(uid: uid)
        } catch {
            context.report(pod, .warning, "FailedKillPod", "error cleaning up pod: \(error)")
            final = nil
            return wakeAfterFailure()
        }
        for run in state.runs { context.provider.release(Self.holder(uid, run.name, run.attempt)) }
        phase = .terminated
        failures = 0
        await finish()
    }

    /// The pod is over: once its deletion is wanted it leaves the API.
    func finish() async {
        guard isRemoved || pod.isBeingDeleted else { return }
        // What an edge that was killed in the middle has left.
        try? await context.volumes.tearDown(uid: uid)
        if isRemoved { return await removeLogs() }
        await context.statuses.flush(uid)
        do {
            try await context.client.delete(pod.key, options: DeleteOptions(gracePeriodSeconds: 0, uid: uid))
        } catch let status as APIStatus where status.reason == .notFound || status.reason == .conflict {
            // It is gone already, or another pod has its name.
        } catch {
            context.logger.debug("pod not deleted", metadata: ["pod": "\(pod.key)", "error": "\(error)"])
            wakeAfterFailure()
        }
    }

    private func removeLogs() async {
        let logs = PodPaths(pod, context.configuration).logs
        try? await context.pool.run { try Directory.removeTree(logs) }
    }

    /// `edge stop`: the pod ends with the node, but stays in the API and is started again with it.
    func halt() async {
        cancelTimers()
        context.probes.stop(uid)
        await stopContainers(grace: .seconds(terminationGrace))
        await collectMessages()
        let state = runtimeState()
        for sandbox in state.sandboxes {
            try? await context.network.detach(sandbox.id)
            try? await context.runtime.stopPodSandbox(sandbox.id)
        }
        publish(runtimeState())
        await context.statuses.flush(uid)
        mailbox.close()
    }

    // MARK: Containers

    /// Regular containers together, then sidecars from the last to the first, all within one grace.
    private func stopContainers(grace: Duration) async {
        let state = runtimeState()
        let spec = pod.spec
        let sidecars = spec.initContainers.filter(\.isSidecar)
        let running = state.runs.filter { run in !run.sandboxID.isEmpty && run.exit == nil }
        let begun = ContinuousClock.now
        await withTaskGroup(of: Void.self) { group in
            for run in running where !sidecars.contains(where: { $0.name == run.name }) {
                let container = container(run.name)
                group.addTask { await self.stop(run, container, grace: grace, announces: true) }
            }
        }
        for sidecar in sidecars.reversed() {
            guard let run = running.last(where: { $0.name == sidecar.name }) else { continue }
            let left = max(.seconds(min(2, terminationGrace)), grace - (ContinuousClock.now - begun))
            await stop(run, sidecar, grace: left, announces: true)
        }
    }

    /// One container: preStop, the signal, the end.
    func stop(_ run: ContainerRun, _ container: Container?, grace: Duration, announces: Bool) async {
        guard run.exit == nil else { return }
        if announces {
            context.report(pod, .normal, "Killing", "Stopping container \(run.name)", container: container)
        }
        var left = grace
        if run.isRunning, let container, let handler = container.lifecycle?.preStop {
            let begun = ContinuousClock.now
            let target = Prober.Target(container: container, containerID: run.id, address: address)
            let cause = await preStop(handler, target, limit: grace)
            if let cause, !Task.isCancelled {
                context.report(
                    pod, .warning, "FailedPreStopHook", "PreStopHook failed: \(cause)", container: container)
            }
            // The kubelet's minimum after a hook.
            left = max(min(.seconds(2), grace), grace - (ContinuousClock.now - begun))
        }
        do {
            try await context.runtime.stopContainer(run.id, grace: left, signal: nil)
        } catch {
            context.report(
                pod, .warning, "FailedKillPod", "error killing container \(run.name): \(error)",
                container: container)
        }
    }

    /// Ends with the container, the limit or the hook, whatever comes first.
    private func preStop(_ handler: LifecycleHandler, _ target: Prober.Target, limit: Duration) async
        -> String?
    {
        let runner = HookRunner(prober: context.prober)
        return await withTaskGroup(of: String?.self) { group in
            group.addTask { await runner.run(handler, target, limit: limit) }
            group.addTask {
                guard (try? await Task.sleep(for: limit)) != nil else { return nil }
                return "timed out after the grace period"
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
