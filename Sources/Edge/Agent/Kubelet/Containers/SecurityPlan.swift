internal import EdgeAPI
internal import EdgeJSON
internal import EdgeRuntime

/// A container's security settings, the pod's where the container has none, in the runtime's terms.
struct SecurityPlan: Sendable, Equatable {
    var security = ContainerSecurity()
    var user = UserSelection()
    var isRootReadOnly = false

    /// - Parameter imageUser: the user of the image's configuration.
    /// - Throws: what `CreateContainerConfigError` shows.
    init(_ container: EdgeAPI.Container, in pod: Pod, imageUser: String) throws(KubeletError) {
        let own = container.securityContext
        let shared = pod.spec.securityContext
        try Self.refuseUnsupported(own, shared)
        security.isPrivileged = own.privileged ?? false
        if let capabilities = own.capabilities {
            security.addedCapabilities = capabilities.add
            security.droppedCapabilities = capabilities.drop
        }
        security.noNewPrivileges = own.allowPrivilegeEscalation == false
        let profile = own.seccompProfile ?? shared.seccompProfile
        if profile?.type == "Unconfined" { security.seccomp = .unconfined }
        if own.procMount == "Unmasked" {
            security.maskedPaths = []
            security.readOnlyPaths = []
        }
        isRootReadOnly = own.readOnlyRootFilesystem ?? false
        user = try Self.user(own, shared, imageUser)
    }

    private static func user(_ own: SecurityContext, _ shared: PodSecurityContext, _ imageUser: String)
        throws(KubeletError) -> UserSelection
    {
        var user = UserSelection()
        user.name = imageUser
        user.uid = (own.runAsUser ?? shared.runAsUser).map { UInt32(clamping: $0) }
        user.gid = (own.runAsGroup ?? shared.runAsGroup).map { UInt32(clamping: $0) }
        user.supplementalGroups = (shared.json["supplementalGroups"]?.array ?? []).compactMap { group in
            group.int.map { UInt32(clamping: $0) }
        }
        if let group = shared.fsGroup { user.supplementalGroups.append(UInt32(clamping: group)) }
        if shared.supplementalGroupsPolicy == "Strict" { user.policy = .strict }
        guard own.runAsNonRoot ?? shared.runAsNonRoot ?? false else { return user }
        if let uid = user.uid {
            guard uid != 0 else {
                throw KubeletError("container's runAsUser breaks non-root policy")
            }
            return user
        }
        let name = imageUser.split(separator: ":", omittingEmptySubsequences: false).first ?? ""
        guard let uid = UInt32(name.isEmpty ? "0" : name) else {
            throw KubeletError(
                "container has runAsNonRoot and image has non-numeric user (\(name)), cannot verify user is non-root"
            )
        }
        guard uid != 0 else {
            throw KubeletError("container has runAsNonRoot and image will run as root")
        }
        return user
    }

    private static func refuseUnsupported(_ own: SecurityContext, _ shared: PodSecurityContext)
        throws(KubeletError)
    {
        if (own.seccompProfile ?? shared.seccompProfile)?.type == "Localhost" {
            throw KubeletError("seccomp profiles of type Localhost are not supported on this node")
        }
        if let profile = own.appArmorProfile ?? shared.appArmorProfile, profile.type == "Localhost" {
            throw KubeletError("AppArmor profiles of type Localhost are not supported on this node")
        }
        if let options = own.seLinuxOptions ?? shared.seLinuxOptions, options.object?.isEmpty == false {
            throw KubeletError("seLinuxOptions are not supported on this node")
        }
    }
}

/// What a pod asks of the node beyond its containers.
enum PodFeatures {
    /// Sysctls that are namespaced and cannot harm others (Kubernetes' safe set of 1.36).
    static let safeSysctls: Set<String> = [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_wmem",
    ]

    /// Why this node cannot run the pod at all, as the reason and message of a failed pod; nil when it can.
    static func refusal(_ pod: Pod) -> WaitingReason? {
        let spec = pod.spec
        for sysctl in spec.securityContext.sysctls {
            let name = sysctl.name.split(separator: "/").joined(separator: ".")
            guard safeSysctls.contains(name) else {
                return WaitingReason(
                    reason: "SysctlForbidden", message: "forbidden sysctl: \"\(sysctl.name)\" not allowlisted"
                )
            }
            if spec.hostNetwork, name.hasPrefix("net.") {
                return WaitingReason(
                    reason: "SysctlForbidden",
                    message: "forbidden sysctl: \"\(sysctl.name)\" not allowed with host net enabled")
            }
        }
        if spec.hostUsers == false {
            return WaitingReason(
                reason: "UserNamespacesNotSupported",
                message: "user namespaces are not supported on this node")
        }
        if let os = spec.os?["name"]?.string, !os.isEmpty, os != "linux" {
            return WaitingReason(
                reason: "PodOSNotSupported",
                message: "Failed to admit pod as the OS field doesn't match node OS")
        }
        return nil
    }
}
