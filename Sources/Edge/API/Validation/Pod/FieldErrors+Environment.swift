internal import EdgeJSON

extension FieldErrors {
    static let downwardFields = [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ]
    static let volumeDownwardFields = [
        "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid",
    ]
    private static let containerResources = [
        "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu",
        "requests.ephemeral-storage", "requests.memory",
    ]

    mutating func checkEnvironment(_ container: Container, _ path: FieldPath) {
        for (index, variable) in container.env.enumerated() {
            let path = path["env"][index]
            if variable.name.isEmpty {
                required(path["name"])
            } else {
                invalid(path["name"], variable.name, Names.environmentVariable(variable.name))
            }
            if let source = variable.valueFrom {
                checkSource(source, hasValue: !variable.value.isEmpty, path["valueFrom"])
            }
        }
        for (index, source) in container.envFrom.enumerated() {
            checkEnvironmentFrom(source, path["envFrom"], index)
        }
    }

    private mutating func checkSource(_ source: EnvVarSource, hasValue: Bool, _ path: FieldPath) {
        var count = 0
        if let field = source.fieldRef {
            count += 1
            checkFieldRef(field, Self.downwardFields, path["fieldRef"])
        }
        if let resource = source.resourceFieldRef {
            count += 1
            checkResourceRef(resource, needsContainer: false, path["resourceFieldRef"])
        }
        for (key, selector) in [
            ("configMapKeyRef", source.configMapKeyRef), ("secretKeyRef", source.secretKeyRef),
        ] {
            guard let selector else { continue }
            count += 1
            checkKeySelector(selector, path[key])
        }
        if source.fileKeyRef != nil { count += 1 }
        if count == 0 {
            invalid(
                path, "",
                "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`")
        } else if hasValue {
            invalid(path, "", "may not be specified when `value` is not empty")
        } else if count > 1 {
            invalid(path, "", "may not have more than one field specified at a time")
        }
    }

    private mutating func checkKeySelector(_ selector: KeySelector, _ path: FieldPath) {
        invalid(path["name"], selector.name, Names.subdomain(selector.name))
        if selector.key.isEmpty {
            required(path["key"])
        } else {
            invalid(path["key"], selector.key, Names.configMapKey(selector.key))
        }
    }

    private mutating func checkEnvironmentFrom(_ source: EnvFromSource, _ list: FieldPath, _ index: Int) {
        let path = list[index]
        if !source.prefix.isEmpty {
            invalid(path["prefix"], source.prefix, Names.environmentVariable(source.prefix))
        }
        let references = [("configMapRef", source.configMapRef), ("secretRef", source.secretRef)]
        for (key, reference) in references {
            if let reference { requiredName(path[key]["name"], reference.name, .subdomain) }
        }
        switch references.count(where: { $0.1 != nil }) {
        case 0: invalid(list, "", "must specify one of: `configMapRef` or `secretRef`")
        case 1: break
        default: invalid(list, "", "may not have more than one field specified at a time")
        }
    }

    mutating func checkFieldRef(_ selector: ObjectFieldSelector, _ supported: [String], _ path: FieldPath) {
        let field = selector.fieldPath
        if selector.json["apiVersion"].text.isEmpty { return required(path["apiVersion"]) }
        if field.isEmpty { return required(path["fieldPath"]) }
        if field.hasSuffix("']"), let start = field.firstIndex(of: "[") {
            let key = String(field[start...].dropFirst(2).dropLast(2))
            switch field[..<start] {
            case "metadata.annotations": invalid(path, key, Names.labelKey(key.lowercased()))
            case "metadata.labels": invalid(path, key, Names.labelKey(key))
            case let other: invalid(path, String(other), "does not support subscript")
            }
        } else if !supported.contains(field) {
            let known = Self.downwardFields + Self.volumeDownwardFields
            if known.contains(field) {
                notSupported(path["fieldPath"], field, supported)
            } else {
                invalid(
                    path["fieldPath"], field,
                    "error converting fieldPath: field label not supported: \(field)")
            }
        }
    }

    mutating func checkResourceRef(
        _ selector: ResourceFieldSelector, needsContainer: Bool, _ path: FieldPath
    ) {
        let name = selector.resource
        let isHugePages = name.hasPrefix("limits.hugepages-") || name.hasPrefix("requests.hugepages-")
        if needsContainer, selector.containerName.isEmpty {
            required(path["containerName"])
        } else if name.isEmpty {
            required(path["resource"])
        } else if !isHugePages, !Self.containerResources.contains(name) {
            notSupported(path["resource"], name, Self.containerResources)
        }
        guard let divisor = selector.divisor, !divisor.isZero else { return }
        let text = divisor.description
        if name.hasSuffix(".cpu") {
            if text != "1m", text != "1" {
                invalid(
                    path["divisor"], name,
                    "only divisor's values 1m and 1 are supported with the cpu resource")
            }
            return
        }
        let units = ["", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map { "1" + $0 }
        if !units.contains(text) {
            let resource =
                name.hasSuffix(".memory")
                ? "memory" : isHugePages ? "hugepages" : "local ephemeral storage"
            invalid(
                path["divisor"], name,
                "only divisor's values \(units.joined(separator: ", ")) are supported with the \(resource) "
                    + "resource")
        }
    }
}
