internal import EdgeAPI
internal import EdgeJSON

/// Generators of objects with few parts.
enum CreateSimple {
    static let namespace = Generator.spec(
        "namespace", aliases: ["ns"], "Create a namespace with the specified name", usage: "NAME",
        examples: ["kubectl create namespace my-namespace"]
    ) { _, name in
        var value = JSONValue.object("v1", "Namespace", name: name)
        value["spec"] = [:]
        value["status"] = [:]
        return value
    }

    static let serviceAccount = Generator.spec(
        "serviceaccount", aliases: ["sa"], "Create a service account with the specified name", usage: "NAME",
        examples: ["kubectl create serviceaccount my-service-account"]
    ) { _, name in JSONValue.object("v1", "ServiceAccount", name: name) }

    static let quota = Generator.spec(
        "quota", aliases: ["resourcequota"], "Create a quota with the specified name",
        usage: "NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2]",
        examples: ["kubectl create quota my-quota --hard=cpu=1,memory=1G,pods=2"],
        flags: [
            FlagSpec("hard", nil, .string, "Limits: cpu=1,memory=1G."),
            FlagSpec("scopes", nil, .string, "Scopes: BestEffort,NotTerminating."),
        ]
    ) { call, name in
        var value = JSONValue.object("v1", "ResourceQuota", name: name)
        var spec: JSONValue = [:]
        let hard = call.flags.string("hard")
        if !hard.isEmpty { spec["hard"] = try quantities(hard) }
        let scopes = call.flags.string("scopes").split(separator: ",").map { String($0).trimmed }
        if !scopes.isEmpty { spec["scopes"] = .strings(scopes) }
        value["spec"] = spec
        value["status"] = [:]
        return value
    }

    /// `cpu=1,memory=1Gi` as a resource list.
    static func quantities(_ text: String) throws -> JSONValue {
        var map: [String: String] = [:]
        for part in text.split(separator: ",") {
            guard let (key, value) = String(part).split(atFirst: "=") else {
                throw KubectlError("Invalid argument syntax \(part), expected <resource>=<value>")
            }
            do {
                map[key] = try Quantity(value).description
            } catch {
                throw KubectlError("\(error)")
            }
        }
        return .strings(map)
    }

    static let priorityClass = Generator.spec(
        "priorityclass", aliases: ["pc"], "Create a priority class with the specified name",
        usage: "NAME --value=VALUE --global-default=BOOL",
        examples: ["kubectl create priorityclass high-priority --value=1000 --description=\"high priority\""],
        flags: [
            FlagSpec("value", nil, .int, default: "0", "The priority."),
            FlagSpec("global-default", nil, .bool, "Whether pods without a class get this one."),
            FlagSpec("description", nil, .string, "When to use the class."),
            FlagSpec(
                "preemption-policy", nil, .string, default: "PreemptLowerPriority",
                "PreemptLowerPriority or Never."),
        ]
    ) { call, name in
        var value = JSONValue.object("scheduling.k8s.io/v1", "PriorityClass", name: name)
        value["value"] = .int(Int64(call.flags.int("value")))
        if call.flags.bool("global-default") { value["globalDefault"] = true }
        let description = call.flags.string("description")
        if !description.isEmpty { value["description"] = .string(description) }
        value["preemptionPolicy"] = .string(call.flags.string("preemption-policy"))
        return value
    }

    static let podDisruptionBudget = Generator.spec(
        "poddisruptionbudget", aliases: ["pdb"], "Create a pod disruption budget with the specified name",
        usage: "NAME --selector=SELECTOR --min-available=N",
        examples: ["kubectl create pdb my-pdb --selector=app=nginx --min-available=50%"],
        flags: [
            FlagSpec("min-available", nil, .string, "How many pods must stay, as a number or percentage."),
            FlagSpec("max-unavailable", nil, .string, "How many pods may be away at a time."),
            FlagSpec("selector", nil, .string, "Label selector of the pods."),
        ]
    ) { call, name in
        let (minimum, maximum) = (call.flags.string("min-available"), call.flags.string("max-unavailable"))
        let selector = call.flags.string("selector")
        guard !selector.isEmpty else { throw KubectlError("a selector must be specified") }
        guard !minimum.isEmpty || !maximum.isEmpty else {
            throw KubectlError("one of min-available or max-unavailable must be specified")
        }
        guard minimum.isEmpty || maximum.isEmpty else {
            throw KubectlError("min-available and max-unavailable cannot be both specified")
        }
        var value = JSONValue.object("policy/v1", "PodDisruptionBudget", name: name)
        var spec: JSONValue = [:]
        if !maximum.isEmpty { spec["maxUnavailable"] = .intOrString(maximum) }
        if !minimum.isEmpty { spec["minAvailable"] = .intOrString(minimum) }
        spec["selector"] = try LabelSelectorText.object(selector)
        value["spec"] = spec
        value["status"] = [
            "currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0, "expectedPods": 0,
        ]
        return value
    }
}
