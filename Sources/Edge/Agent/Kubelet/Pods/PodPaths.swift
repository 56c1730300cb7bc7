internal import EdgeAPI

/// Where a pod's files lie. What only lasts as long as the boot, or must never reach a disk, lies in memory.
///
///     <data>/agent/pods/<uid>/etc-hosts, resolv.conf, hostname
///                            /volumes/<plugin>/<name>
///                            /containers/<name>/<attempt>          the termination message
///     <run>/pods/<uid>/volumes/<plugin>/<name>                      secrets, ConfigMaps, tokens, memory
struct PodPaths: Sendable, Equatable {
    let disk: String
    let memory: String
    let logs: String

    init(_ pod: Pod, _ configuration: KubeletConfiguration) {
        self.init(uid: pod.uid, namespace: pod.namespace, name: pod.name, configuration)
    }

    init(uid: String, namespace: String, name: String, _ configuration: KubeletConfiguration) {
        disk = "\(Self.diskRoot(configuration))/\(uid)"
        memory = "\(Self.memoryRoot(configuration))/\(uid)"
        logs = "\(configuration.logDirectory)/\(namespace)_\(name)_\(uid)"
    }

    static func diskRoot(_ configuration: KubeletConfiguration) -> String {
        "\(configuration.dataDirectory)/agent/pods"
    }

    static func memoryRoot(_ configuration: KubeletConfiguration) -> String {
        "\(configuration.runDirectory)/pods"
    }

    var hosts: String { disk + "/etc-hosts" }
    var resolvConf: String { disk + "/resolv.conf" }
    var hostname: String { disk + "/hostname" }

    func diskVolume(_ plugin: String, _ name: String) -> String {
        "\(disk)/volumes/kubernetes.io~\(plugin)/\(name)"
    }

    func memoryVolume(_ plugin: String, _ name: String) -> String {
        "\(memory)/volumes/kubernetes.io~\(plugin)/\(name)"
    }

    func messageDirectory(_ container: String) -> String { "\(disk)/containers/\(container)" }

    func message(_ container: String, _ attempt: Int) -> String {
        "\(messageDirectory(container))/\(attempt)"
    }

    /// Relative to the pod's log directory.
    static func log(_ container: String, _ attempt: Int) -> String { "\(container)/\(attempt).log" }

    func logFile(_ container: String, _ attempt: Int) -> String { "\(logs)/\(Self.log(container, attempt))" }
}
