internal import EdgeAPI
internal import EdgeJSON

/// The rules of the Pod Security Standards for one pod, with the reasons and details of Kubernetes' own
/// admission.
struct PodSecurityChecks {
    struct Violation: Equatable {
        let reason: String
        let detail: String

        var description: String { detail.isEmpty ? reason : "\(reason) (\(detail))" }
    }

    let spec: JSONValue
    let annotations: [String: String]
    /// All containers, those that run first in front.
    let containers: [JSONValue]
    /// The minor version whose rules hold.
    let minor: Int

    init(spec: JSONValue, annotations: [String: String], minor: Int?) {
        self.spec = spec
        self.annotations = annotations
        self.minor = minor ?? .max
        containers = ["initContainers", "containers", "ephemeralContainers"].flatMap {
            spec[$0]?.array ?? []
        }
    }

    static func violations(
        spec: JSONValue, annotations: [String: String], level: PodSecurityLevel
    ) -> [Violation] {
        let checks = PodSecurityChecks(spec: spec, annotations: annotations, minor: level.minor)
        switch level.name {
        case .privileged: return []
        case .baseline: return checks.baseline(isRestrictedToo: false)
        case .restricted: return checks.baseline(isRestrictedToo: true) + checks.restricted
        }
    }

    /// In the order of their names; those that a stricter rule stands in for are left out.
    private func baseline(isRestrictedToo: Bool) -> [Violation] {
        var found: [Violation?] = [appArmor]
        if !isRestrictedToo || minor < 22 { found.append(addedCapabilities) }
        found.append(hostNamespaces)
        if !isRestrictedToo { found.append(hostPathVolumes) }
        found += [hostPorts, minor >= 34 ? probeHosts : nil, privileged]
        if !isRestrictedToo || minor < 35 { found.append(minor >= 35 && usesOwnUsers ? nil : procMount) }
        found.append(seLinux)
        if !isRestrictedToo || minor < 19 { found.append(minor >= 19 ? seccomp : seccompAnnotations) }
        found += [sysctls, windowsHostProcess]
        return found.compactMap { $0 }
    }

    private var restricted: [Violation] {
        let isWindows = minor >= 25 && spec[path: "os", "name"] == "windows"
        var found: [Violation?] = []
        if minor >= 8, !isWindows { found.append(privilegeEscalation) }
        if minor >= 22, !isWindows { found.append(droppedCapabilities) }
        if minor >= 35 { found.append(procMount) }
        found.append(volumeTypes)
        let isRelaxed = minor >= 35 && usesOwnUsers
        if !isRelaxed { found.append(runAsNonRoot) }
        if minor >= 23, !isRelaxed { found.append(runAsUser) }
        if minor >= 19, !isWindows { found.append(requiredSeccomp) }
        return found.compactMap { $0 }
    }

    /// Whether root in the pod is nobody on the host.
    private var usesOwnUsers: Bool { spec["hostUsers"] == false }

    // MARK: Words

    /// The names of the containers for which something holds.
    func containers(where holds: (JSONValue) -> Bool) -> [String] {
        containers.filter(holds).map { $0["name"].text }
    }

    static func quoted(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }

    static func plural(_ one: String, _ many: String, _ count: Int) -> String { count == 1 ? one : many }

    /// `container "a"`, `containers "a", "b"`.
    static func named(_ names: [String]) -> String {
        "\(plural("container", "containers", names.count)) \(quoted(names))"
    }

    /// Who sets something: the pod, containers, or both.
    static func setters(pod: Bool, _ names: [String]) -> String {
        ((pod ? ["pod"] : []) + (names.isEmpty ? [] : [named(names)])).joined(separator: " and ")
    }

    func security(_ container: JSONValue) -> JSONValue { container["securityContext"] ?? .null }
    var podSecurity: JSONValue { spec["securityContext"] ?? .null }

    static func unique(_ values: [String]) -> [String] { Set(values).sorted() }
}
