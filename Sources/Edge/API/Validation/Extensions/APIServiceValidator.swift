internal import EdgeJSON

extension ObjectValidator {
    /// An APIService stands for one version of a group, and is called after it.
    static let apiService: Rule = { object, _, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        let group = spec["group"].text
        let version = spec["version"].text
        let required = "\(version).\(group)"
        if object.name != required {
            errors.invalid(
                .metadata["name"], object.name,
                "must be `spec.version+\".\"+spec.group`: \(required.goQuoted)")
        }
        if group.isEmpty {
            if version != "v1" {
                errors.required(path["group"], "only v1 may have an empty group and it better be legacy kube")
            }
        } else {
            errors.invalid(path["group"], group, Names.subdomain(group))
        }
        if version.isEmpty {
            errors.required(path["version"])
        } else {
            errors.invalid(path["version"], version, Names.rfc1035Label(version))
        }
        let groupPriority = spec["groupPriorityMinimum"].number ?? 0
        if !(1...20000).contains(groupPriority) {
            errors.invalid(
                path["groupPriorityMinimum"], groupPriority, "must be positive and less than 20000")
        }
        let versionPriority = spec["versionPriority"].number ?? 0
        if !(1...1000).contains(versionPriority) {
            errors.invalid(path["versionPriority"], versionPriority, "must be positive and less than 1000")
        }
        let bundle = spec["caBundle"].text
        let isInsecure = spec["insecureSkipTLSVerify"]?.bool ?? false
        guard let service = spec["service"], !service.isNull else {
            if !bundle.isEmpty {
                errors.invalid(path["caBundle"], bundle, "local APIServices may not have a caBundle")
            }
            if isInsecure {
                errors.invalid(
                    path["insecureSkipTLSVerify"], true,
                    "local APIServices may not have insecureSkipTLSVerify")
            }
            return
        }
        if service["namespace"].text.isEmpty { errors.required(path["service"]["namespace"]) }
        if service["name"].text.isEmpty { errors.required(path["service"]["name"]) }
        let port = service["port"].number ?? 443
        let problems = Names.port(port)
        if !problems.isEmpty {
            errors.invalid(
                path["service"]["port"], port, "port is not valid: " + problems.joined(separator: ", "))
        }
        if isInsecure, !bundle.isEmpty {
            errors.invalid(
                path["insecureSkipTLSVerify"], true, "may not be true if caBundle is present")
        }
    }
}
