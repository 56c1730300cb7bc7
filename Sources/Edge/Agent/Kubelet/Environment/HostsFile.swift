internal import EdgeAPI
internal import EdgeBase

/// A pod's /etc/hosts in the kubelet's words.
enum HostsFile {
    static func text(
        addresses: [IPAddress], hostname: String, domain: String, aliases: [HostAlias]
    ) -> String {
        var text = """
            # Kubernetes-managed hosts file.
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::\tip6-localnet
            fe00::\tip6-mcastprefix
            fe00::1\tip6-allnodes
            fe00::2\tip6-allrouters

            """
        for address in addresses {
            let names = domain.isEmpty ? hostname : "\(hostname).\(domain)\t\(hostname)"
            text += "\(address)\t\(names)\n"
        }
        return text + entries(aliases)
    }

    /// For pods in the host's network: the host's own file with the aliases.
    static func hostText(_ hosts: String, aliases: [HostAlias]) -> String {
        "# Kubernetes-managed hosts file (host network).\n" + hosts + entries(aliases)
    }

    private static func entries(_ aliases: [HostAlias]) -> String {
        guard !aliases.isEmpty else { return "" }
        let lines = aliases.map { "\($0.ip)\t\($0.hostnames.joined(separator: "\t"))\n" }
        return "\n# Entries added by HostAliases.\n" + lines.joined()
    }
}
