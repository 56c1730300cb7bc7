internal import EdgeAPI
internal import EdgeBase
internal import EdgeSystem

/// The files that every container of a pod finds in /etc.
struct PodFiles: Sendable {
    private let paths: PodPaths
    private let hosts: @Sendable () -> String
    private let resolver: @Sendable () -> String
    private let hostname: String

    init(_ pod: Pod, _ names: PodHostname, _ addresses: [IPAddress], _ configuration: KubeletConfiguration) {
        paths = PodPaths(pod, configuration)
        hostname = names.hostname + "\n"
        let spec = pod.spec
        hosts = {
            if spec.hostNetwork {
                let own = (try? File.readText("/etc/hosts", limit: 1 << 20)) ?? "127.0.0.1\tlocalhost\n"
                return HostsFile.hostText(own, aliases: spec.hostAliases)
            }
            return HostsFile.text(
                addresses: addresses, hostname: names.shortName, domain: names.domain,
                aliases: spec.hostAliases)
        }
        resolver = {
            let text = (try? File.readText(configuration.resolvConf, limit: 1 << 20)) ?? ""
            return ResolverConfiguration.forPod(
                pod, host: ResolverConfiguration(parsing: text), dns: configuration.clusterDNS,
                domain: configuration.clusterDomain
            ).text
        }
    }

    func write(_ pool: BlockingPool) async throws {
        try await pool.run {
            try Directory.make(paths.disk, mode: 0o750)
            for (path, text) in [
                (paths.hosts, hosts()), (paths.resolvConf, resolver()), (paths.hostname, hostname),
            ] {
                try File.write(Array(text.utf8), to: path)
                try PathOperations.setMode(0o644, of: path)
            }
        }
    }
}
