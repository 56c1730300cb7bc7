internal import EdgeBase
internal import EdgeHost
internal import EdgePodNetwork
internal import EdgeProxy
internal import EdgeSystem

/// Takes an edge off its host, step by step: what keeps it running first, what identifies the rest last.
struct HostRemoval {
    let location: HostLocation
    let keepsData: Bool

    struct Outcome {
        var failures: [String]
        var notes: [String]
    }

    private var layout: DataLayout { location.layout }

    /// What will go, for the user to read before.
    var summary: [String] {
        var lines = [layout.run]
        if let node = location.record?.node {
            lines.append("interfaces, routes, nf_tables table and cgroups of the node \(node.name)")
        }
        if let kubeconfig = location.record?.kubeconfig { lines.append(kubeconfig) }
        if let install = location.install {
            lines += install.files + [install.binary, InstallRecord.path].compactMap { $0 }
        }
        lines.append(
            keepsData ? "(the data in \(layout.data) stays)" : "\(layout.data), all data of the cluster")
        return lines
    }

    func run() async throws -> Outcome {
        // Pods get a moment to end well; the host is not theirs any longer.
        _ = try await HostStopper(location: location).stop(grace: 5)
        var failures: [String] = []
        if let install = location.install {
            do { try await ServiceControl(install).disable() } catch { failures.append("\(error)") }
        }
        // Nobody starts on these directories meanwhile.
        let lock = try ProcessLock.take(layout.pidFile)
        let cleaner = try await BlockingPool.shared.run { [self] in
            defer { lock.release() }
            return clean()
        }
        if let install = location.install { await ServiceControl(install).forget() }
        return Outcome(failures: failures + cleaner.failures, notes: cleaner.notes)
    }

    private func clean() -> HostCleaner {
        var cleaner = HostCleaner(
            dataDirectory: layout.data, runDirectory: layout.run, record: location.record ?? HostRecord())
        cleaner.endPods()
        removeNetwork(&cleaner)
        cleaner.unmountAll()
        cleaner.removeRunFiles()
        if let kubeconfig = location.record?.kubeconfig { cleaner.removeFile(kubeconfig) }
        if let install = location.install {
            for file in install.files { cleaner.removeFile(file) }
            if let binary = install.binary { cleaner.removeFile(binary) }
        }
        if !keepsData { cleaner.removeDataFiles() }
        // Kept after a failure, so that a second run finds everything.
        if location.install != nil, cleaner.failures.isEmpty { cleaner.removeFile(InstallRecord.path) }
        for directory in location.install?.directories.reversed() ?? [] { cleaner.removeIfEmpty(directory) }
        return cleaner
    }

    private func removeNetwork(_ cleaner: inout HostCleaner) {
        guard let node = location.record?.node, let pods = CIDR(node.clusterCIDR),
            let services = CIDR(node.serviceCIDR)
        else { return }
        cleaner.attempt("remove pod network") {
            try PodNetwork.remove(
                PodNetworkConfiguration(
                    nodeName: node.name, podCIDR: pods, clusterCIDR: pods, serviceCIDR: services))
        }
        cleaner.attempt("remove service rules") {
            try ServiceProxy.remove(
                ProxyConfiguration(nodeName: node.name, clusterCIDR: pods, serviceCIDR: services))
        }
    }
}
