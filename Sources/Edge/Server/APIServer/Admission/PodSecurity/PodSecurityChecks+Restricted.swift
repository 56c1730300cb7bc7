internal import EdgeAPI
internal import EdgeJSON

/// What a hardened pod says of itself, and seccomp, which both levels look at.
extension PodSecurityChecks {
    var privilegeEscalation: Violation? {
        let bad = containers { security($0)["allowPrivilegeEscalation"]?.bool != false }
        guard !bad.isEmpty else { return nil }
        return Violation(
            reason: "allowPrivilegeEscalation != false",
            detail: "\(Self.named(bad)) must set securityContext.allowPrivilegeEscalation=false")
    }

    var droppedCapabilities: Violation? {
        func forbidden(_ container: JSONValue) -> [String] {
            security(container)["capabilities"]?["add"].strings.filter { $0 != "NET_BIND_SERVICE" } ?? []
        }
        let keeping = containers {
            !(security($0)["capabilities"]?["drop"].strings.contains("ALL") ?? false)
        }
        let adding = containers { !forbidden($0).isEmpty }
        var details: [String] = []
        if !keeping.isEmpty {
            details.append("\(Self.named(keeping)) must set securityContext.capabilities.drop=[\"ALL\"]")
        }
        if !adding.isEmpty {
            let names = Self.unique(containers.flatMap(forbidden))
            details.append(
                "\(Self.named(adding)) must not include \(Self.quoted(names)) in securityContext.capabilities.add"
            )
        }
        return details.isEmpty
            ? nil : Violation(reason: "unrestricted capabilities", detail: details.joined(separator: "; "))
    }

    var volumeTypes: Violation? {
        let allowed: Set<String> = [
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim",
            "projected", "secret",
        ]
        func type(_ volume: JSONValue) -> String {
            volume.object?.members.first { $0.key != "name" }?.key ?? "unknown"
        }
        let bad = (spec["volumes"]?.array ?? []).filter { !allowed.contains(type($0)) }
        guard !bad.isEmpty else { return nil }
        let types = Self.unique(bad.map(type))
        return Violation(
            reason: "restricted volume types",
            detail:
                "\(Self.plural("volume", "volumes", bad.count)) \(Self.quoted(bad.map { $0["name"].text })) \(Self.plural("uses", "use", bad.count)) \(Self.plural("restricted volume type", "restricted volume types", types.count)) \(Self.quoted(types))"
        )
    }

    var runAsNonRoot: Violation? {
        let podValue = podSecurity["runAsNonRoot"]?.bool
        func value(_ container: JSONValue) -> Bool? { security(container)["runAsNonRoot"]?.bool }
        let reason = "runAsNonRoot != true"
        let setters = Self.setters(pod: podValue == false, containers { value($0) == false })
        if !setters.isEmpty {
            return Violation(
                reason: reason, detail: "\(setters) must not set securityContext.runAsNonRoot=false")
        }
        let silent = podValue == true ? [] : containers { value($0) == nil }
        guard !silent.isEmpty else { return nil }
        return Violation(
            reason: reason,
            detail: "pod or \(Self.named(silent)) must set securityContext.runAsNonRoot=true")
    }

    var runAsUser: Violation? {
        func isRoot(_ security: JSONValue) -> Bool { security["runAsUser"]?.int == 0 }
        let setters = Self.setters(pod: isRoot(podSecurity), containers { isRoot(security($0)) })
        return setters.isEmpty
            ? nil : Violation(reason: "runAsUser=0", detail: "\(setters) must not set runAsUser=0")
    }

    // MARK: Seccomp

    private func profile(_ security: JSONValue) -> String? { security["seccompProfile"]?["type"].text }

    private func isBadProfile(_ type: String?) -> Bool {
        type.map { $0 != "RuntimeDefault" && $0 != "Localhost" } ?? false
    }

    var seccomp: Violation? {
        let podType = profile(podSecurity)
        let setters = Self.setters(
            pod: isBadProfile(podType), containers { isBadProfile(profile(security($0))) })
        guard !setters.isEmpty else { return nil }
        let values = Self.unique(
            ([podType] + containers.map { profile(security($0)) }).filter(isBadProfile).compactMap { $0 })
        return Violation(
            reason: "seccompProfile",
            detail: "\(setters) must not set securityContext.seccompProfile.type to \(Self.quoted(values))")
    }

    var requiredSeccomp: Violation? {
        if let seccomp { return seccomp }
        guard profile(podSecurity) == nil else { return nil }
        let silent = containers { profile(security($0)) == nil }
        guard !silent.isEmpty else { return nil }
        return Violation(
            reason: "seccompProfile",
            detail:
                "pod or \(Self.named(silent)) must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\""
        )
    }

    /// How seccomp was said before 1.19.
    var seccompAnnotations: Violation? {
        func isBad(_ value: String) -> Bool {
            value != "runtime/default" && value != "docker/default" && !value.hasPrefix("localhost/")
        }
        let keys =
            ["seccomp.security.alpha.kubernetes.io/pod"]
            + containers.map { "container.seccomp.security.alpha.kubernetes.io/\($0["name"].text)" }
        let bad = Self.unique(
            keys.compactMap { key in
                annotations[key].flatMap { isBad($0) ? "\(key)=\"\($0)\"" : nil }
            })
        guard !bad.isEmpty else { return nil }
        return Violation(
            reason: "seccompProfile",
            detail:
                "forbidden \(Self.plural("annotation", "annotations", bad.count)) \(bad.joined(separator: ", "))"
        )
    }
}
