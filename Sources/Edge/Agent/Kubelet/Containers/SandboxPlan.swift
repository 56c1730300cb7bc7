internal import EdgeAPI
internal import EdgeRuntime

/// A pod's sandbox in the runtime's terms. Pure.
enum SandboxPlan {
    static func config(_ pod: Pod, hostname: String, attempt: Int, configuration: KubeletConfiguration)
        -> PodSandboxConfig
    {
        let spec = pod.spec
        var config = PodSandboxConfig(
            name: pod.name, namespace: pod.namespace, uid: pod.uid,
            logDirectory: PodPaths(pod, configuration).logs, cgroup: ContainerResources.podCgroup(pod))
        config.attempt = UInt32(clamping: attempt)
        config.hostname = hostname
        config.labels = pod.labels
        config.labels[RuntimeLabels.podName] = pod.name
        config.labels[RuntimeLabels.podNamespace] = pod.namespace
        config.labels[RuntimeLabels.podUID] = pod.uid
        config.annotations[RuntimeLabels.grace] = String(spec.terminationGracePeriodSeconds)
        config.resources = ContainerResources.limits(of: spec, pids: configuration.podPidsLimit)
        for sysctl in spec.securityContext.sysctls {
            config.sysctls[sysctl.name.split(separator: "/").joined(separator: ".")] = sysctl.value
        }
        config.hostNetwork = spec.hostNetwork
        config.hostPID = spec.hostPID
        config.hostIPC = spec.hostIPC
        config.sharesProcessNamespace = spec.shareProcessNamespace
        return config
    }
}
