internal import EdgeJSON

/// The parts of a pod that have an address of their own, `ephemeralcontainers` and `resize`: a write there
/// changes them and leaves the rest of the pod as it was.
public enum PodParts {
    public static func prepare(_ pod: inout APIObject, old: APIObject, subresource: String) {
        let written = pod
        pod = old
        switch subresource {
        case "ephemeralcontainers":
            pod[path: "spec", "ephemeralContainers"] = written[path: "spec", "ephemeralContainers"]
        case "resize":
            for list in ["containers", "initContainers"] { takeResources(list, from: written, &pod) }
            pod[path: "spec", "resources"] = written[path: "spec", "resources"]
        default: break
        }
        if pod["spec"] != old["spec"] {
            pod[path: "metadata", "generation"] = .int(old.generation + 1)
        }
    }

    /// What is wrong with such a write.
    public static func validate(_ pod: APIObject, old: APIObject, subresource: String) -> [FieldError] {
        switch subresource {
        case "ephemeralcontainers":
            return ObjectValidator.validateEphemeralContainersUpdate(pod, old: old)
        case "resize":
            var errors = FieldErrors()
            errors.checkMetadataUpdate(pod, old: old)
            errors.checkResize(Pod(pod), old: Pod(old))
            return errors.list
        default: return []
        }
    }

    /// Containers keep their places: one that is written under another name or place changes nothing.
    private static func takeResources(_ list: String, from written: APIObject, _ pod: inout APIObject) {
        guard var containers = pod[path: "spec", list]?.array else { return }
        let wanted = written[path: "spec", list]?.array ?? []
        guard wanted.count == containers.count else { return }
        for index in containers.indices where containers[index]["name"] == wanted[index]["name"] {
            containers[index]["resources"] = wanted[index]["resources"]
            containers[index]["resizePolicy"] = wanted[index]["resizePolicy"]
        }
        pod[path: "spec", list] = .array(containers)
    }
}

extension FieldErrors {
    mutating func checkResize(_ pod: Pod, old: Pod) {
        if old.isMirror { return forbidden(FieldPath(""), "static pods cannot be resized") }
        if old.spec.os?["name"].text == "windows" {
            return forbidden(FieldPath(""), "windows pods cannot be resized")
        }
        checkPodSpec(pod.spec, isPod: true, .spec)
        if pod.spec.qosClass != old.status.qosClass, !old.status.qosClass.isEmpty {
            invalid(
                .spec, old.status.qosClass, "Pod QOS Class may not change as a result of resizing")
        }
        var rest = pod.spec
        rest.containers = checkResized(pod.spec.containers, old.spec.containers, .spec["containers"])
        let initPath = FieldPath.spec["initContainers"]
        for (index, pair) in zip(pod.spec.initContainers, old.spec.initContainers).enumerated()
        where !pair.1.isSidecar && pair.0.resources != pair.1.resources {
            forbidden(
                initPath[index]["resources"], "resources for non-sidecar init containers are immutable")
        }
        rest.initContainers = checkResized(pod.spec.initContainers, old.spec.initContainers, initPath)
        if pod.spec.json["resources"] != old.spec.json["resources"] {
            checkKept(pod.spec.resources, old.spec.resources, .spec["resources"])
            if pod.spec.resources.isEmpty == old.spec.resources.isEmpty {
                rest.json["resources"] = old.spec.json["resources"]
            }
        }
        if rest != old.spec { forbidden(.spec, "only cpu and memory resources are mutable") }
    }

    /// The containers with the amounts of cpu and memory that they had before.
    private mutating func checkResized(
        _ new: [Container], _ old: [Container], _ path: FieldPath
    ) -> [Container] {
        zip(new, old).enumerated().map { index, pair in
            var (container, former) = pair
            checkKept(container.resources, former.resources, path[index]["resources"])
            if container.json["resizePolicy"] != former.json["resizePolicy"] {
                immutable(
                    path[index]["resizePolicy"], container.json["resizePolicy"],
                    former.json["resizePolicy"])
                container.json["resizePolicy"] = former.json["resizePolicy"]
            }
            for list in ["requests", "limits"] {
                for name in ["cpu", "memory"] {
                    let amount = former.json["resources"]?[list]?[name]
                    guard container.json["resources"]?[list]?[name] != amount else { continue }
                    container.json[path: "resources", list, name] = amount
                    if amount == nil, container.json["resources"]?[list] == .object(JSONObject()) {
                        container.json[path: "resources", list] = former.json["resources"]?[list]
                    }
                }
            }
            if container.resources == former.resources {
                container.json["resources"] = former.json["resources"]
            }
            return container
        }
    }

    /// A running container can be given other amounts, but not none.
    private mutating func checkKept(
        _ new: ResourceRequirements, _ old: ResourceRequirements, _ path: FieldPath
    ) {
        for name in ["cpu", "memory"] {
            if old.limits[name] != nil, new.limits[name] == nil {
                forbidden(path["limits"], "resource limits cannot be removed")
            }
            if old.requests[name] != nil, new.requests[name] == nil {
                forbidden(path["requests"], "resource requests cannot be removed")
            }
        }
    }
}
