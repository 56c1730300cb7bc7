internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeRuntime
internal import EdgeSystem
internal import Synchronization

/// What node and pods use, read when somebody asks.
final class StatsCollector: Sendable {
    struct ContainerUsage {
        var id: String
        var name: String
        var image: String
        var started: Timestamp
        var stats: CgroupStats
    }

    struct PodUsage {
        var name: String
        var namespace: String
        var uid: String
        var started: Timestamp
        var stats: PodSandboxStats
        var containers: [ContainerUsage]
    }

    let context: PodContext
    /// Processor times of the last question, for rates.
    private let last = Mutex<[String: (time: Timestamp, cpu: UInt64)]>([:])

    init(_ context: PodContext) {
        self.context = context
    }

    func pods() async -> [PodUsage] {
        var result: [PodUsage] = []
        for sandbox in context.runtime.listPodSandboxes() where sandbox.state == .ready {
            guard let stats = try? await context.runtime.stats(ofSandbox: sandbox.id) else { continue }
            var containers: [ContainerUsage] = []
            for container in context.runtime.listContainers(sandboxID: sandbox.id) {
                guard case .running = container.state,
                    let stats = try? await context.runtime.stats(ofContainer: container.id)
                else { continue }
                containers.append(
                    ContainerUsage(
                        id: container.id, name: container.name, image: container.image,
                        started: container.started ?? container.created, stats: stats))
            }
            result.append(
                PodUsage(
                    name: sandbox.name, namespace: sandbox.namespace, uid: sandbox.uid,
                    started: sandbox.created,
                    stats: stats, containers: containers))
        }
        return result
    }

    // MARK: /stats/summary

    func summary() async -> JSONValue {
        let now = context.clock.now
        let pods = await pods()
        var node: JSONObject = ["nodeName": .string(context.configuration.nodeName)]
        node["cpu"] = cpu("node", Self.nodeProcessorTime(), now)
        node["memory"] = Self.nodeMemory(now)
        if let usage = try? await context.provider.storageUsage() {
            node["fs"] = Self.fileSystem(usage, now)
        }
        return ["node": .object(node), "pods": .array(pods.map { summary($0, now) })]
    }

    private func summary(_ pod: PodUsage, _ now: Timestamp) -> JSONValue {
        var object: JSONObject = [
            "podRef": [
                "name": .string(pod.name), "namespace": .string(pod.namespace), "uid": .string(pod.uid),
            ],
            "startTime": .string(pod.started.rfc3339),
        ]
        object["containers"] = .array(
            pod.containers.map { container in
                [
                    "name": .string(container.name), "startTime": .string(container.started.rfc3339),
                    "cpu": cpu("\(pod.uid)/\(container.name)", container.stats.cpuTime, now),
                    "memory": Self.memory(container.stats, now),
                ]
            })
        object["cpu"] = cpu(pod.uid, pod.stats.usage.cpuTime, now)
        object["memory"] = Self.memory(pod.stats.usage, now)
        if let interface = pod.stats.network.first {
            object["network"] = [
                "time": .string(now.rfc3339), "name": .string(interface.interface),
                "rxBytes": .int(Int64(clamping: interface.receivedBytes)),
                "rxErrors": .int(Int64(clamping: interface.receiveErrors)),
                "txBytes": .int(Int64(clamping: interface.sentBytes)),
                "txErrors": .int(Int64(clamping: interface.sendErrors)),
            ]
        }
        if let processes = pod.stats.usage.processes {
            object["process_stats"] = ["process_count": .int(Int64(clamping: processes))]
        }
        return .object(object)
    }

    /// The rate is that since the last question; without one it is left out.
    private func cpu(_ key: String, _ total: UInt64?, _ now: Timestamp) -> JSONValue {
        var object: JSONObject = ["time": .string(now.rfc3339)]
        guard let total else { return .object(object) }
        let before = last.withLock { last in
            if last.count > 1024 { last = [:] }
            defer { last[key] = (now, total) }
            return last[key]
        }
        if let before, before.cpu <= total, now > before.time {
            object["usageNanoCores"] = .int(Int64(Double(total - before.cpu) / (now - before.time).inSeconds))
        }
        object["usageCoreNanoSeconds"] = .int(Int64(clamping: total))
        return .object(object)
    }

    private static func memory(_ stats: CgroupStats, _ now: Timestamp) -> JSONValue {
        var object: JSONObject = ["time": .string(now.rfc3339)]
        let values: [(String, UInt64?)] = [
            ("usageBytes", stats.memoryUsage), ("workingSetBytes", stats.workingSet),
            ("rssBytes", stats.anonymousMemory), ("pageFaults", stats.pageFaults),
            ("majorPageFaults", stats.majorPageFaults),
        ]
        for (name, value) in values { object[name] = value.map { .int(Int64(clamping: $0)) } }
        return .object(object)
    }

    private static func nodeMemory(_ now: Timestamp) -> JSONValue {
        guard let memory = try? SystemMemory.current() else { return ["time": .string(now.rfc3339)] }
        return [
            "time": .string(now.rfc3339), "availableBytes": .int(Int64(clamping: memory.available)),
            "usageBytes": .int(Int64(clamping: memory.total - memory.free)),
            "workingSetBytes": .int(Int64(clamping: memory.total - memory.available)),
        ]
    }

    private static func fileSystem(_ usage: FileSystemUsage, _ now: Timestamp) -> JSONValue {
        [
            "time": .string(now.rfc3339), "availableBytes": .int(usage.available),
            "capacityBytes": .int(usage.capacity),
            "usedBytes": .int(usage.capacity - usage.available), "inodesFree": .int(usage.inodesFree),
            "inodes": .int(usage.inodes),
        ]
    }

    /// Nanoseconds that all processors have worked, from /proc/stat in ticks of 10 ms.
    static func nodeProcessorTime() -> UInt64? {
        guard let line = (try? File.readText("/proc/stat"))?.split(separator: "\n").first else { return nil }
        let ticks = line.split(separator: " ").dropFirst().compactMap { UInt64($0) }
        guard ticks.count >= 8 else { return nil }
        // user, nice, system, irq, softirq, steal: neither idle nor waiting, and guests are in user.
        return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]) * 10_000_000
    }
}
