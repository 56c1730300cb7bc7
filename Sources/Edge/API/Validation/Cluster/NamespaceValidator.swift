internal import EdgeJSON

extension ObjectValidator {
    static let namespace: Rule = { object, _, errors in
        for finalizer in object[path: "spec", "finalizers"].strings {
            errors.invalid(.spec["finalizers"], finalizer, Names.labelKey(finalizer))
        }
    }

    static let node: Rule = { object, old, errors in
        let path = FieldPath.spec
        let spec = Node(object).spec
        errors.checkTaints(spec.taints, path["taints"])
        for (index, block) in spec.podCIDRs.enumerated() {
            errors.checkCIDR(path["podCIDRs"][index], block)
        }
        if spec.podCIDRs.count > 2 {
            errors.invalid(
                path["podCIDRs"], spec.json["podCIDRs"] ?? .null,
                "may specify no more than one CIDR for each IP family")
        }
        guard let old else { return }
        let former = Node(old).spec
        if !former.podCIDRs.isEmpty, former.podCIDRs != spec.podCIDRs {
            errors.forbidden(
                path["podCIDRs"], "node updates may not change podCIDR except from \"\" to valid")
        }
        if !former.providerID.isEmpty, former.providerID != spec.providerID {
            errors.forbidden(
                path["providerID"], "node updates may not change providerID except from \"\" to valid")
        }
    }

    static let lease: Rule = { object, _, errors in
        let spec = object["spec"] ?? .null
        if let seconds = spec["leaseDurationSeconds"].number, seconds <= 0 {
            errors.invalid(.spec["leaseDurationSeconds"], seconds, "must be greater than 0")
        }
        errors.nonNegative(.spec["leaseTransitions"], spec["leaseTransitions"].number)
    }

    static let event: Rule = { object, _, errors in
        let involved = object[path: "involvedObject", "namespace"].text
        let isClusterScoped =
            involved.isEmpty && ["default", "kube-system", ""].contains(object.namespace)
        if involved != object.namespace, !isClusterScoped {
            errors.invalid(
                FieldPath("involvedObject")["namespace"], involved, "does not match event.namespace")
        }
    }
}

extension FieldErrors {
    mutating func checkTaints(_ taints: [Taint], _ list: FieldPath) {
        var seen: Set<String> = []
        for (index, taint) in taints.enumerated() {
            let path = list[index]
            invalid(path["key"], taint.key, Names.labelKey(taint.key))
            let messages = Names.labelValue(taint.value)
            if !messages.isEmpty { invalid(path["value"], taint.value, messages.joined(separator: ";")) }
            checkEffect(taint.effect, path["effect"])
            if !seen.insert("\(taint.effect) \(taint.key)").inserted { duplicate(path, taint.json) }
        }
    }
}
