internal import EdgeAPI

/// The names that a pod has in its own eyes.
struct PodHostname: Sendable, Equatable {
    /// What `hostname` prints.
    var hostname: String
    /// The short name, for /etc/hosts.
    var shortName: String
    /// `<subdomain>.<namespace>.svc.<cluster domain>`; "" without a subdomain.
    var domain: String

    /// Throws for a full name longer than the kernel takes (64 bytes).
    init(_ pod: Pod, nodeHostname: String, clusterDomain: String) throws(KubeletError) {
        let spec = pod.spec
        if let override = spec.hostnameOverride, !override.isEmpty {
            self.hostname = override
            shortName = override
            domain = ""
            return
        }
        let own = spec.hostname.isEmpty ? Self.truncated(pod.name) : spec.hostname
        domain =
            spec.subdomain.isEmpty ? "" : "\(spec.subdomain).\(pod.namespace).svc.\(clusterDomain)"
        if spec.hostNetwork {
            shortName = nodeHostname
            hostname = nodeHostname
            return
        }
        shortName = own
        hostname = spec.setHostnameAsFQDN && !domain.isEmpty ? "\(own).\(domain)" : own
        guard hostname.utf8.count <= 64 else {
            throw KubeletError(
                "failed to construct FQDN from pod hostname and cluster domain, FQDN \(hostname) is too long "
                    + "(64 characters is the max, \(hostname.utf8.count) characters requested)")
        }
    }

    /// Host names have 63 bytes and do not end in `-` or `.`.
    private static func truncated(_ name: String) -> String {
        guard name.utf8.count > 63 else { return name }
        var name = String(name.prefix(63))
        while let last = name.last, last == "-" || last == "." { name.removeLast() }
        return name
    }
}
