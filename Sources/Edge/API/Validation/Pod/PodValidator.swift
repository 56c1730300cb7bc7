internal import EdgeJSON

extension ObjectValidator {
    static let pod: Rule = { object, old, errors in
        let pod = Pod(object)
        errors.checkPodSpec(pod.spec, isPod: true, .spec)
        errors.checkPodAnnotations(pod, old: old.map(Pod.init))
        if let old {
            errors.checkPodUpdate(pod, old: Pod(old))
        } else {
            errors.checkPodCreate(pod)
        }
    }

    static let podTemplate: Rule = { object, _, errors in
        errors.checkPodTemplate(object["template"], FieldPath("template"))
    }

    static let podStatus: StatusRule = { object, old, errors in
        let new = Pod(object)
        let old = Pod(old)
        errors.immutable(
            .status["qosClass"], new.status.json["qosClass"], old.status.json["qosClass"])
        errors.checkTransitions(
            new.status.containerStatuses, old.status.containerStatuses, policy: old.spec.restartPolicy,
            .status["containerStatuses"])
        for (index, address) in new.status.podIPs.enumerated() {
            errors.checkIP(.status["podIPs"][index], address.ip)
        }
    }
}

extension FieldErrors {
    mutating func checkPodCreate(_ pod: Pod) {
        let path = FieldPath.spec
        if !pod.spec.ephemeralContainers.isEmpty {
            forbidden(path["ephemeralContainers"], "cannot be set on create")
        }
        if !pod.spec.nodeName.isEmpty, !pod.spec.schedulingGates.isEmpty {
            forbidden(path["nodeName"], "cannot be set until all schedulingGates have been cleared")
        }
        guard pod.spec.serviceAccountName.isEmpty else { return }
        for (index, volume) in pod.spec.volumes.enumerated() {
            for (place, source) in (volume.projected?.sources ?? []).enumerated()
            where source.serviceAccountToken != nil {
                forbidden(
                    path["volumes"][index]["projected"]["sources"][place]["serviceAccountToken"],
                    "must not be specified when serviceAccountName is not set")
            }
        }
    }

    mutating func checkPodAnnotations(_ pod: Pod, old: Pod?) {
        let key = "kubernetes.io/config.mirror"
        let path = FieldPath.metadata["annotations"][key: key]
        let value = pod[annotation: key]
        if let value, pod.spec.nodeName.isEmpty {
            invalid(path, value, "must set spec.nodeName if mirror pod annotation is set")
        }
        guard let old, old[annotation: key] != value else { return }
        forbidden(
            path,
            old[annotation: key] == nil
                ? "may not add mirror pod annotation" : "may not remove or update mirror pod annotation")
    }

    /// What a template must be: labels, annotations and the spec.
    mutating func checkPodTemplate(_ template: JSONValue?, _ path: FieldPath) {
        guard let template, !template.isNull else { return required(path) }
        let view = PodTemplateSpec(template)
        checkLabels(view.metadata.labels, path["metadata"]["labels"])
        checkAnnotations(view.metadata.annotations, path["metadata"]["annotations"])
        checkPodSpec(view.spec, isPod: false, path["spec"])
        if !view.spec.ephemeralContainers.isEmpty {
            forbidden(path["spec"]["ephemeralContainers"], "ephemeral containers not allowed in pod template")
        }
    }

    mutating func checkTransitions(
        _ new: [ContainerStatus], _ old: [ContainerStatus], policy: String, _ path: FieldPath
    ) {
        guard policy != "Always" else { return }
        for (index, former) in old.enumerated() {
            guard let end = former.state.terminated, end.exitCode == 0 || policy != "OnFailure" else {
                continue
            }
            for status in new where status.name == former.name && status.state.terminated == nil {
                forbidden(path[index]["state"], "may not be transitioned to non-terminated state")
            }
        }
    }
}
