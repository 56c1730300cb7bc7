internal import EdgeAPI
internal import EdgeJSON

/// What nobody needs who does not manage the host.
extension PodSecurityChecks {
    private static let defaultCapabilities: Set<String> = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
        "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ]

    var appArmor: Violation? {
        func type(_ security: JSONValue) -> String? { security["appArmorProfile"]?["type"].text }
        func isBad(_ type: String?) -> Bool {
            type.map { $0 != "RuntimeDefault" && $0 != "Localhost" } ?? false
        }
        let podType = type(podSecurity)
        let bad = containers { isBad(type(security($0))) }
        var values = Self.unique(
            ([podType] + containers.map { type(security($0)) }).filter(isBad).compactMap { $0 })
        var setters = Self.setters(pod: isBad(podType), bad)
        let prefix = "container.apparmor.security.beta.kubernetes.io/"
        let notes = annotations.filter { $0.key.hasPrefix(prefix) }
            .filter { !["", "runtime/default"].contains($0.value) && !$0.value.hasPrefix("localhost/") }
            .map { "\($0.key)=\"\($0.value)\"" }.sorted()
        if !notes.isEmpty {
            values += notes
            let word = Self.plural("annotation", "annotations", notes.count)
            setters += setters.isEmpty ? word : " and \(word)"
        }
        guard !setters.isEmpty else { return nil }
        return Violation(
            reason: Self.plural("forbidden AppArmor profile", "forbidden AppArmor profiles", values.count),
            detail: "\(setters) must not set AppArmor profile type to \(Self.quoted(values))")
    }

    var addedCapabilities: Violation? {
        func added(_ container: JSONValue) -> [String] {
            security(container)["capabilities"]?["add"].strings.filter {
                !Self.defaultCapabilities.contains($0)
            } ?? []
        }
        let bad = containers { !added($0).isEmpty }
        guard !bad.isEmpty else { return nil }
        let names = Self.unique(containers.flatMap(added))
        return Violation(
            reason: "non-default capabilities",
            detail:
                "\(Self.named(bad)) must not include \(Self.quoted(names)) in securityContext.capabilities.add"
        )
    }

    var hostNamespaces: Violation? {
        let shared = ["hostNetwork", "hostPID", "hostIPC"].filter { spec[$0].flag }
        return shared.isEmpty
            ? nil
            : Violation(
                reason: "host namespaces", detail: shared.map { "\($0)=true" }.joined(separator: ", "))
    }

    var hostPathVolumes: Violation? {
        let bad = (spec["volumes"]?.array ?? []).filter { $0["hostPath"] != nil }.map { $0["name"].text }
        guard !bad.isEmpty else { return nil }
        return Violation(
            reason: "hostPath volumes",
            detail: "\(Self.plural("volume", "volumes", bad.count)) \(Self.quoted(bad))")
    }

    var hostPorts: Violation? {
        func ports(_ container: JSONValue) -> [String] {
            (container["ports"]?.array ?? []).compactMap { $0["hostPort"].number }.filter { $0 != 0 }
                .map(String.init)
        }
        let bad = containers { !ports($0).isEmpty }
        guard !bad.isEmpty else { return nil }
        let numbers = Self.unique(containers.flatMap(ports))
        return Violation(
            reason: "hostPort",
            detail:
                "\(Self.named(bad)) \(Self.plural("uses", "use", bad.count)) \(Self.plural("hostPort", "hostPorts", numbers.count)) \(numbers.joined(separator: ", "))"
        )
    }

    var probeHosts: Violation? {
        func hosts(_ container: JSONValue) -> [String] {
            let handlers =
                ["livenessProbe", "readinessProbe", "startupProbe"].map { container[$0] }
                + ["postStart", "preStop"].map { container["lifecycle"]?[$0] }
            return handlers.flatMap { handler in
                ["httpGet", "tcpSocket"].map { handler?[$0]?["host"].text ?? "" }.filter { !$0.isEmpty }
            }
        }
        let bad = Self.unique(containers { !hosts($0).isEmpty })
        guard !bad.isEmpty else { return nil }
        let found = Self.unique(containers.flatMap(hosts))
        return Violation(
            reason: "probe or lifecycle host",
            detail:
                "\(Self.named(bad)) \(Self.plural("uses", "use", bad.count)) \(Self.plural("probe or lifecycle host", "probe or lifecycle hosts", found.count)) \(Self.quoted(found))"
        )
    }

    var privileged: Violation? {
        let bad = containers { security($0)["privileged"].flag }
        guard !bad.isEmpty else { return nil }
        return Violation(
            reason: "privileged", detail: "\(Self.named(bad)) must not set securityContext.privileged=true")
    }

    var procMount: Violation? {
        func mount(_ container: JSONValue) -> String? {
            security(container)["procMount"]?.string.flatMap { $0 == "Default" ? nil : $0 }
        }
        let bad = containers { mount($0) != nil }
        guard !bad.isEmpty else { return nil }
        let values = Self.unique(containers.compactMap(mount))
        return Violation(
            reason: "procMount",
            detail: "\(Self.named(bad)) must not set securityContext.procMount to \(Self.quoted(values))")
    }

    var seLinux: Violation? {
        var types: Set<String> = ["", "container_t", "container_init_t", "container_kvm_t"]
        if minor >= 31 { types.insert("container_engine_t") }
        func options(_ security: JSONValue) -> JSONValue? { security["seLinuxOptions"] }
        func isBad(_ options: JSONValue?) -> Bool {
            guard let options else { return false }
            return !types.contains(options["type"].text) || !options["user"].text.isEmpty
                || !options["role"].text.isEmpty
        }
        let all = ([options(podSecurity)] + containers.map { options(security($0)) }).compactMap { $0 }
        guard all.contains(where: isBad) else { return nil }
        let badTypes = Self.unique(all.map { $0["type"].text }.filter { !types.contains($0) })
        var problems: [String] = []
        if !badTypes.isEmpty {
            problems.append("\(Self.plural("type", "types", badTypes.count)) \(Self.quoted(badTypes))")
        }
        if all.contains(where: { !$0["user"].text.isEmpty }) { problems.append("user may not be set") }
        if all.contains(where: { !$0["role"].text.isEmpty }) { problems.append("role may not be set") }
        let setters = Self.setters(
            pod: isBad(options(podSecurity)), containers { isBad(options(security($0))) })
        return Violation(
            reason: "seLinuxOptions",
            detail:
                "\(setters) set forbidden securityContext.seLinuxOptions: \(problems.joined(separator: "; "))"
        )
    }

    var sysctls: Violation? {
        var safe: Set<String> = [
            "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start",
        ]
        if minor >= 27 { safe.insert("net.ipv4.ip_local_reserved_ports") }
        if minor >= 29 {
            safe.formUnion(
                ["keepalive_time", "fin_timeout", "keepalive_intvl", "keepalive_probes"].map {
                    "net.ipv4.tcp_\($0)"
                })
        }
        if minor >= 32 { safe.formUnion(["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"]) }
        let bad = (podSecurity["sysctls"]?.array ?? []).map { $0["name"].text }.filter { !safe.contains($0) }
        return bad.isEmpty
            ? nil : Violation(reason: "forbidden sysctls", detail: bad.joined(separator: ", "))
    }

    var windowsHostProcess: Violation? {
        func isBad(_ security: JSONValue) -> Bool { security["windowsOptions"]?["hostProcess"].flag ?? false }
        let setters = Self.setters(pod: isBad(podSecurity), containers { isBad(security($0)) })
        guard !setters.isEmpty else { return nil }
        return Violation(
            reason: "hostProcess",
            detail: "\(setters) must not set securityContext.windowsOptions.hostProcess=true")
    }
}
