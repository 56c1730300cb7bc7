internal import EdgeJSON

extension FieldErrors {
    private static let ephemeralFields: Set<String> = [
        "name", "image", "command", "args", "workingDir", "env", "envFrom", "volumeMounts", "volumeDevices",
        "resources", "imagePullPolicy", "terminationMessagePath", "terminationMessagePolicy", "stdin",
        "stdinOnce", "tty", "securityContext", "targetContainerName",
    ]

    mutating func checkEphemeralContainers(_ context: PodSpecContext, _ path: FieldPath) {
        let others = Set((context.spec.containers + context.spec.initContainers).map(\.name))
        var names = others
        for (index, container) in context.spec.ephemeralContainers.enumerated() {
            let path = path[index]
            checkContainer(container, context, path)
            if !names.insert(container.name).inserted { duplicate(path["name"], container.name) }
            let target = container.targetContainerName
            if !target.isEmpty, !others.contains(target) { notFound(path["targetContainerName"], target) }
            let reason = "cannot be set for an Ephemeral Container"
            for member in container.json.object ?? JSONObject() where !isAllowed(member) {
                forbidden(path[member.key], reason)
            }
            for (place, mount) in container.volumeMounts.enumerated() {
                if !mount.subPath.isEmpty { forbidden(path["volumeMounts"][place]["subPath"], reason) }
                if !mount.subPathExpr.isEmpty {
                    forbidden(path["volumeMounts"][place]["subPathExpr"], reason)
                }
            }
        }
    }

    private func isAllowed(_ member: JSONObject.Member) -> Bool {
        if Self.ephemeralFields.contains(member.key) {
            return member.key != "resources" || member.value == .object(JSONObject())
        }
        return member.value.isNull || member.value == .array([])
    }

    /// A write to the ephemeralcontainers subresource: containers are only added.
    mutating func checkEphemeralContainersUpdate(_ pod: Pod, old: Pod) {
        if old.isMirror {
            forbidden(FieldPath(""), "static pods do not support ephemeral containers")
            return
        }
        checkPodSpec(pod.spec, isPod: true, .spec)
        let path = FieldPath.spec["ephemeralContainers"]
        var present: [String: Container] = [:]
        for container in pod.spec.ephemeralContainers { present[container.name] = container }
        for container in old.spec.ephemeralContainers {
            switch present[container.name] {
            case nil:
                forbidden(
                    path, "existing ephemeral containers \(container.name.goQuoted) may not be removed\n")
            case let new?:
                if new != container {
                    forbidden(
                        path, "existing ephemeral containers \(container.name.goQuoted) may not be changed\n")
                }
            }
        }
    }
}

extension ObjectValidator {
    /// What is wrong with a write to a pod's ephemeralcontainers subresource.
    public static func validateEphemeralContainersUpdate(_ object: APIObject, old: APIObject) -> [FieldError]
    {
        var errors = FieldErrors()
        errors.checkMetadataUpdate(object, old: old)
        errors.checkEphemeralContainersUpdate(Pod(object), old: Pod(old))
        return errors.list
    }
}
