internal import EdgeBase
internal import EdgeClient
internal import EdgeRuntime
internal import EdgeSystem

/// The kubelet's figures for Prometheus, under the names that Kubernetes' kubelet and cAdvisor give them.
extension StatsCollector {
    /// `/metrics/resource`.
    func resourceMetrics() async -> String {
        let pods = await pods()
        var text = MetricsText()
        if let time = Self.nodeProcessorTime() {
            text.counter("node_cpu_usage_seconds_total", Double(time) / 1e9)
        }
        if let memory = try? SystemMemory.current() {
            text.gauge("node_memory_working_set_bytes", Double(memory.total - memory.available))
        }
        text.family("container_cpu_usage_seconds_total", "counter")
        text.family("container_memory_working_set_bytes", "gauge")
        text.family("container_start_time_seconds", "gauge")
        text.family("pod_cpu_usage_seconds_total", "counter")
        text.family("pod_memory_working_set_bytes", "gauge")
        for pod in pods {
            let labels: [MetricsText.Label] = [("namespace", pod.namespace), ("pod", pod.name)]
            text.usage("pod", labels, pod.stats.usage)
            for container in pod.containers {
                let labels = [("container", container.name)] + labels
                text.usage("container", labels, container.stats)
                text.sample("container_start_time_seconds", labels, container.started.seconds)
            }
        }
        text.gauge("scrape_error", 0)
        text.gauge("resource_scrape_error", 0)
        return text.text
    }

    /// `/metrics/cadvisor`.
    func containerMetrics() async -> String {
        let pods = await pods()
        var text = MetricsText()
        text.gauge("machine_cpu_cores", Double(context.node.processors))
        text.gauge("machine_memory_bytes", Double(context.node.memory))
        for name in ["cpu_usage_seconds_total", "oom_events_total"] {
            text.family("container_\(name)", "counter")
        }
        let gauges = [
            "memory_usage_bytes", "memory_working_set_bytes", "memory_rss", "memory_cache", "memory_swap",
            "spec_memory_limit_bytes", "processes", "start_time_seconds", "last_seen",
        ]
        for name in gauges { text.family("container_\(name)", "gauge") }
        for (name, _) in Self.networkFamilies { text.family("container_network_\(name)", "counter") }
        let now = context.clock.now.seconds
        for pod in pods {
            let labels: [MetricsText.Label] = [("namespace", pod.namespace), ("pod", pod.name)]
            // The pod as a whole has no container name, and no image: that is how cAdvisor tells them apart.
            text.container(
                [("container", ""), ("id", pod.uid), ("image", ""), ("name", "")] + labels, pod.stats.usage)
            for container in pod.containers {
                let labels: [MetricsText.Label] =
                    [
                        ("container", container.name), ("id", "\(pod.uid)/\(container.id)"),
                        ("image", container.image), ("name", container.id),
                    ] + labels
                text.container(labels, container.stats)
                text.sample("container_start_time_seconds", labels, container.started.seconds)
                text.sample("container_last_seen", labels, now)
            }
            for interface in pod.stats.network {
                let labels = [("id", pod.uid), ("image", ""), ("interface", interface.interface)] + labels
                for (name, value) in Self.networkFamilies {
                    text.sample("container_network_\(name)", labels, value(interface))
                }
            }
        }
        return text.text
    }

    private static let networkFamilies: [(String, @Sendable (NetworkCounters) -> UInt64)] = [
        ("receive_bytes_total", { $0.receivedBytes }), ("receive_errors_total", { $0.receiveErrors }),
        ("transmit_bytes_total", { $0.sentBytes }), ("transmit_errors_total", { $0.sendErrors }),
    ]

    /// `/metrics/probes`.
    func probeMetrics() -> String {
        var text = MetricsText()
        text.family("prober_probe_total", "counter")
        let pods = Dictionary(
            context.runtime.listPodSandboxes().map { ($0.uid, $0) }, uniquingKeysWith: { $1 })
        for count in context.probes.counts() {
            guard let pod = pods[count.key.podUID] else { continue }
            let labels: [MetricsText.Label] = [
                ("container", count.container), ("namespace", pod.namespace), ("pod", pod.name),
                ("pod_uid", pod.uid), ("probe_type", count.key.kind.rawValue), ("result", count.result),
            ]
            text.sample("prober_probe_total", labels, count.count)
        }
        return text.text
    }

    /// `/metrics`.
    func ownMetrics() -> String {
        var text = MetricsText()
        let running = context.runtime.listPodSandboxes().filter { $0.state == .ready }.count
        text.gauge("kubelet_running_pods", Double(running))
        text.gauge("kubelet_desired_pods", Double(context.pods.list().count))
        var states = ["created": 0, "running": 0, "exited": 0]
        for container in context.runtime.listContainers(sandboxID: nil) {
            switch container.state {
            case .created: states["created", default: 0] += 1
            case .running: states["running", default: 0] += 1
            case .exited: states["exited", default: 0] += 1
            }
        }
        text.family("kubelet_running_containers", "gauge")
        for (state, count) in states.sorted(by: { $0.key < $1.key }) {
            text.sample("kubelet_running_containers", [("container_state", state)], count)
        }
        text.family("kubelet_node_name", "gauge")
        text.sample("kubelet_node_name", [("node", context.configuration.nodeName)], 1)
        text.family("kubernetes_build_info", "gauge")
        text.sample("kubernetes_build_info", [("git_version", context.configuration.version)], 1)
        WorkQueueMetrics.shared.write(to: &text)
        text.writeProcess()
        return text.text
    }
}

extension Timestamp {
    fileprivate var seconds: Double { Double(nanoseconds) / 1e9 }
}

extension MetricsText {
    fileprivate mutating func usage(_ prefix: String, _ labels: [Label], _ stats: CgroupStats) {
        if let cpu = stats.cpuTime { sample("\(prefix)_cpu_usage_seconds_total", labels, Double(cpu) / 1e9) }
        if let memory = stats.workingSet { sample("\(prefix)_memory_working_set_bytes", labels, memory) }
    }

    fileprivate mutating func container(_ labels: [Label], _ stats: CgroupStats) {
        if let cpu = stats.cpuTime {
            sample("container_cpu_usage_seconds_total", [("cpu", "total")] + labels, Double(cpu) / 1e9)
        }
        let cache = stats.memoryUsage.flatMap { usage in
            stats.anonymousMemory.map { usage > $0 ? usage - $0 : 0 }
        }
        let values: [(String, UInt64?)] = [
            ("memory_usage_bytes", stats.memoryUsage), ("memory_working_set_bytes", stats.workingSet),
            ("memory_rss", stats.anonymousMemory), ("memory_cache", cache), ("memory_swap", stats.swapUsage),
            // cAdvisor says 0 for none.
            ("spec_memory_limit_bytes", stats.memoryLimit.map { $0 < 1 << 60 ? $0 : 0 }),
            ("processes", stats.processes), ("oom_events_total", stats.oomKills),
        ]
        for (name, value) in values {
            if let value { sample("container_\(name)", labels, value) }
        }
    }
}
