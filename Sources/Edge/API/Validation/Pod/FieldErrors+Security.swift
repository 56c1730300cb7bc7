internal import EdgeJSON

extension FieldErrors {
    mutating func checkPodSecurity(_ spec: PodSpec, _ path: FieldPath) {
        let security = spec.securityContext
        for key in ["fsGroup", "runAsUser", "runAsGroup"] {
            if let number = security.json[key].number { invalid(path[key], number, Names.userID(number)) }
        }
        for (index, group) in (security.json["supplementalGroups"]?.array ?? []).enumerated() {
            let number = Int(group.int ?? -1)
            invalid(path["supplementalGroups"][index], number, Names.userID(number))
        }
        if spec.shareProcessNamespace, spec.hostPID {
            invalid(
                path["shareProcessNamespace"], true,
                "ShareProcessNamespace and HostPID cannot both be enabled")
        }
        checkSysctls(spec, path["sysctls"])
        optionalOneOf(
            path["fsGroupChangePolicy"], security.fsGroupChangePolicy, ["Always", "OnRootMismatch"])
        optionalOneOf(
            path["supplementalGroupsPolicy"], security.supplementalGroupsPolicy, ["Merge", "Strict"])
        optionalOneOf(
            path["seLinuxChangePolicy"], security.json["seLinuxChangePolicy"].optionalText,
            ["MountOption", "Recursive"])
        checkSeccomp(security.seccompProfile, path["seccompProfile"])
        checkAppArmor(security.appArmorProfile, path["appArmorProfile"])
    }

    mutating func checkSecurity(_ security: SecurityContext, _ context: PodSpecContext, _ path: FieldPath) {
        for key in ["runAsUser", "runAsGroup"] {
            if let number = security.json[key].number { invalid(path[key], number, Names.userID(number)) }
        }
        if let procMount = security.procMount {
            optionalOneOf(path["procMount"], procMount, ["Default", "Unmasked"])
            if procMount == "Unmasked", context.usesHostUsers {
                invalid(
                    path["procMount"], procMount,
                    "`hostUsers` must be false to use `Unmasked`")
            }
        }
        checkSeccomp(security.seccompProfile, path["seccompProfile"])
        checkAppArmor(security.appArmorProfile, path["appArmorProfile"])
        guard security.allowPrivilegeEscalation == false else { return }
        let message = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
        if security.privileged ?? false { invalid(path, security.json, message) }
        if security.capabilities?.add.contains(where: { $0 == "SYS_ADMIN" || $0 == "CAP_SYS_ADMIN" }) ?? false
        {
            invalid(
                path, security.json,
                "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN")
        }
    }

    private mutating func checkSeccomp(_ profile: SecurityProfile?, _ path: FieldPath) {
        guard let profile else { return }
        if profile.type.isEmpty {
            required(path["type"], "type is required when seccompProfile is set")
        } else if !["Localhost", "RuntimeDefault", "Unconfined"].contains(profile.type) {
            notSupported(path["type"], profile.type, ["Localhost", "RuntimeDefault", "Unconfined"])
        }
        let filePath = path["localhostProfile"]
        switch (profile.type == "Localhost", profile.localhostProfile) {
        case (true, nil): required(filePath, "must be set when seccomp type is Localhost")
        case (true, let file?): checkDescendingPath(filePath, file)
        case (false, _?): invalid(filePath, profile.json, "can only be set when seccomp type is Localhost")
        case (false, nil): break
        }
    }

    private mutating func checkAppArmor(_ profile: SecurityProfile?, _ path: FieldPath) {
        guard let profile else { return }
        let namePath = path["localhostProfile"]
        switch profile.type {
        case "Localhost":
            if profile.localhostProfile?.isEmpty ?? true {
                required(namePath, "must be set when AppArmor type is Localhost")
            }
        case "RuntimeDefault", "Unconfined":
            if let name = profile.localhostProfile {
                invalid(namePath, name, "can only be set when AppArmor type is Localhost")
            }
        case "": required(path["type"], "type is required when appArmorProfile is set")
        case let other:
            notSupported(path["type"], other, ["Localhost", "RuntimeDefault", "Unconfined"])
        }
    }

    private static let sysctlPattern =
        "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"

    private mutating func checkSysctls(_ spec: PodSpec, _ path: FieldPath) {
        var names: Set<String> = []
        for (index, sysctl) in spec.securityContext.sysctls.enumerated() {
            let path = path[index]["name"]
            let name = sysctl.name
            if name.isEmpty {
                required(path)
            } else if !Self.isSysctl(name) {
                invalid(
                    path, name, "must have at most 253 characters and match regex \(Self.sysctlPattern)")
            } else if !names.insert(name).inserted {
                duplicate(path, name)
            }
            let dotted = name.contains(".") ? name : name.split(separator: "/").joined(separator: ".")
            if spec.hostNetwork, dotted.hasPrefix("net.") {
                invalid(path, name, "may not be specified when 'hostNetwork' is true")
            }
            let isIPC =
                dotted.hasPrefix("kernel.shm") || dotted.hasPrefix("kernel.msg") || dotted == "kernel.sem"
                || dotted.hasPrefix("fs.mqueue.")
            if spec.hostIPC, isIPC { invalid(path, name, "may not be specified when 'hostIPC' is true") }
        }
    }

    private static func isSysctl(_ name: String) -> Bool {
        guard name.utf8.count <= 253 else { return false }
        let segments = name.utf8.split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/")
        }
        return segments.allSatisfy { segment in
            guard let first = segment.first, let last = segment.last else { return false }
            return Names.isLowerAlphanumeric(first) && Names.isLowerAlphanumeric(last)
                && segment.allSatisfy { Names.isLowerAlphanumeric($0) || Names.isOneOf($0, "-_") }
        }
    }
}
