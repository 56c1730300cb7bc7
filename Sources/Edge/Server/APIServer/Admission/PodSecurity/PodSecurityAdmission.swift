internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeStorage

/// Holds pods to the Pod Security level of their namespace: `enforce` refuses pods, `warn` speaks up for pods
/// and for what makes pods, `audit` writes into the audit log.
struct PodSecurityAdmission: AdmissionPlugin {
    /// A namespace's pods are looked at up to this number when its level changes, as in Kubernetes.
    private static let maximumPods = 3000

    let name = "PodSecurity"
    let store: ObjectStore

    func validate(_ request: AdmissionRequest) throws {
        guard let object = request.object else { return }
        switch request.resource.storageName {
        case "namespaces": try validateNamespace(object, request)
        case "pods": try validatePod(object, request)
        default:
            guard request.subresource.isEmpty, let template = Self.template(of: object, request.resource)
            else { return }
            let namespace = try namespace(of: request)
            warn(namespace, template, request)
        }
    }

    // MARK: Pods

    private func validatePod(_ pod: APIObject, _ request: AdmissionRequest) throws {
        switch request.subresource {
        case "", "ephemeralcontainers", "resize": break
        default: return
        }
        if let old = request.old, Self.agrees(pod, old) { return }
        let namespace = try namespace(of: request)
        let level = PodSecurityLevel(namespace, .enforce)
        let violations = Self.violations(pod.value, level)
        guard violations.isEmpty else {
            throw APIStatus.forbidden(
                "pods", pod.name.isEmpty ? pod.generateName : pod.name,
                "violates PodSecurity \"\(level)\": \(Self.details(violations))")
        }
        warn(namespace, pod.value, request)
    }

    /// Of a pod that exists only images, tolerations and the like can change, and ephemeral containers.
    private static func agrees(_ pod: APIObject, _ old: APIObject) -> Bool {
        ["containers", "initContainers", "ephemeralContainers"].allSatisfy {
            pod[path: "spec", $0] == old[path: "spec", $0]
        }
    }

    private func warn(_ namespace: APIObject, _ pod: JSONValue, _ request: AdmissionRequest) {
        audit(namespace, pod, request)
        let level = PodSecurityLevel(namespace, .warn)
        let violations = Self.violations(pod, level)
        guard !violations.isEmpty else { return }
        request.warnings?.add("would violate PodSecurity \"\(level)\": \(Self.details(violations))")
    }

    private func audit(_ namespace: APIObject, _ pod: JSONValue, _ request: AdmissionRequest) {
        guard let warnings = request.warnings, warnings.isAudited else { return }
        if request.resource.storageName == "pods" {
            warnings.annotate(
                "pod-security.kubernetes.io/enforce-policy", PodSecurityLevel(namespace, .enforce).description
            )
        }
        let level = PodSecurityLevel(namespace, .audit)
        let violations = Self.violations(pod, level)
        guard !violations.isEmpty else { return }
        warnings.annotate(
            "pod-security.kubernetes.io/audit-violations",
            "would violate PodSecurity \"\(level)\": \(Self.details(violations))")
    }

    private static func violations(
        _ pod: JSONValue, _ level: PodSecurityLevel
    ) -> [PodSecurityChecks.Violation] {
        guard level.name != .privileged else { return [] }
        return PodSecurityChecks.violations(
            spec: pod["spec"] ?? .null, annotations: pod[path: "metadata", "annotations"].stringMap,
            level: level)
    }

    private static func details(_ violations: [PodSecurityChecks.Violation]) -> String {
        violations.map(\.description).joined(separator: ", ")
    }

    private func namespace(of request: AdmissionRequest) throws -> APIObject {
        guard let stored = store.get(ObjectKey(resource: "namespaces", name: request.namespace)) else {
            throw APIStatus.notFound("namespaces", request.namespace)
        }
        return try APIObject(decoding: stored)
    }

    /// The template of what makes pods; nil for everything else.
    private static func template(of object: APIObject, _ resource: ResourceDefinition) -> JSONValue? {
        switch resource.storageName {
        case "deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch",
            "replicationcontrollers":
            object[path: "spec", "template"]
        case "cronjobs.batch": object[path: "spec", "jobTemplate", "spec", "template"]
        case "podtemplates": object["template"]
        default: nil
        }
    }

    // MARK: Namespaces

    private func validateNamespace(_ namespace: APIObject, _ request: AdmissionRequest) throws {
        guard request.subresource.isEmpty else { return }
        try Registry.requireValid(
            PodSecurityLevel.validate(namespace, old: request.old), request.resource, namespace.name)
        let level = PodSecurityLevel(namespace, .enforce)
        guard let old = request.old, case let former = PodSecurityLevel(old, .enforce), level != former,
            level.name != .privileged, level.name > former.name || level.minor != former.minor
        else { return }
        for warning in warnings(about: namespace.name, level) { request.warnings?.add(warning) }
    }

    /// Which pods that run already a new level would not let in.
    private func warnings(about namespace: String, _ level: PodSecurityLevel) -> [String] {
        let pods = store.list("pods", namespace: namespace).objects
        var names: [String: [String]] = [:]
        for stored in pods.prefix(Self.maximumPods) {
            guard let pod = try? APIObject(decoding: stored) else { continue }
            let violations = Self.violations(pod.value, level)
            guard !violations.isEmpty else { continue }
            names[violations.map(\.reason).joined(separator: ", "), default: []].append(pod.name)
        }
        guard !names.isEmpty else { return [] }
        var lines = [
            "existing pods in namespace \"\(namespace)\" violate the new PodSecurity enforce level \"\(level)\""
        ]
        if pods.count > Self.maximumPods {
            lines.insert(
                "new PodSecurity enforce level only checked against the first \(Self.maximumPods) of \(pods.count) existing pods",
                at: 0)
        }
        return lines
            + names.map { reasons, pods in
                let others = pods.count - 1
                let more = others == 0 ? "" : " (and \(others) other \(others == 1 ? "pod" : "pods"))"
                return "\(pods.min() ?? "")\(more): \(reasons)"
            }.sorted()
    }
}
