internal import EdgeJSON

extension Defaulter {
    static func namespace(_ namespace: inout JSONValue) {
        if let name = namespace[path: "metadata", "name"], !name.isNull, name != "" {
            namespace[path: "metadata", "labels", "kubernetes.io/metadata.name"] = name
        }
        namespace.updateMaking("status") { $0.setDefaultIfEmpty("phase", "Active") }
    }

    static func node(_ node: inout JSONValue) {
        node.update("spec") { spec in
            // The first of `podCIDRs` and `podCIDR` are one value under two names.
            if let first = spec["podCIDRs"].strings.first {
                if spec["podCIDR"].text.isEmpty { spec["podCIDR"] = .string(first) }
            } else if !spec["podCIDR"].text.isEmpty {
                spec["podCIDRs"] = .array([.string(spec["podCIDR"].text)])
            }
        }
        node.update("status") { status in
            resourceList(&status, "capacity")
            if let capacity = status["capacity"] { status.setDefault("allocatable", capacity) }
            resourceList(&status, "allocatable")
        }
    }

    static func secret(_ secret: inout JSONValue) {
        secret.setDefaultIfEmpty("type", "Opaque")
        // `stringData` is for writing only: its values go over those of `data`.
        guard case .object(let texts)? = secret["stringData"] else { return }
        secret["stringData"] = nil
        guard !texts.isEmpty else { return }
        secret.updateMaking("data") { data in
            for text in texts {
                if let value = text.value.string { data[text.key] = .string(Base64.encode(value.utf8)) }
            }
        }
    }

    static func limitRange(_ range: inout JSONValue) {
        range.update("spec") { spec in
            spec.updateEach("limits") { limit in
                let lists = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"]
                for key in lists { resourceList(&limit, key) }
                guard limit["type"].text == "Container" else { return }
                inherit(&limit, "default", from: "max")
                inherit(&limit, "defaultRequest", from: "default")
                inherit(&limit, "defaultRequest", from: "min")
            }
        }
    }

    private static func inherit(_ limit: inout JSONValue, _ key: String, from source: String) {
        guard case .object(let amounts)? = limit[source], !amounts.isEmpty else { return }
        limit.updateMaking(key) { list in
            for amount in amounts { list.setDefault(amount.key, amount.value) }
        }
    }

    static func resourceQuota(_ quota: inout JSONValue) {
        quota.update("spec") { resourceList(&$0, "hard") }
        quota.update("status") { status in
            resourceList(&status, "hard")
            resourceList(&status, "used")
        }
    }

    static func priorityLevel(_ level: inout JSONValue) {
        level.update("spec") { spec in
            if spec["type"].text == "Exempt" {
                spec.updateMaking("exempt") { exempt in
                    exempt.setDefault("nominalConcurrencyShares", 0)
                    exempt.setDefault("lendablePercent", 0)
                }
            }
            spec.update("limited") { limited in
                limited.setDefault("nominalConcurrencyShares", 30)
                limited.setDefault("lendablePercent", 0)
                limited.update("limitResponse") { response in
                    response.update("queuing") { queuing in
                        queuing.setDefaultIfEmpty("queues", 64)
                        queuing.setDefaultIfEmpty("handSize", 8)
                        queuing.setDefaultIfEmpty("queueLengthLimit", 50)
                    }
                }
            }
        }
    }

    static func roleBinding(_ binding: inout JSONValue) {
        let group: JSONValue = "rbac.authorization.k8s.io"
        binding.update("roleRef") { $0.setDefaultIfEmpty("apiGroup", group) }
        binding.updateEach("subjects") { subject in
            switch subject["kind"].text {
            case "User", "Group": subject.setDefaultIfEmpty("apiGroup", group)
            default: break
            }
        }
    }

    static func horizontalPodAutoscaler(_ scaler: inout JSONValue) {
        scaler.update("spec") { spec in
            spec.setDefault("minReplicas", 1)
            spec.update("behavior") { behavior in
                behavior.updateMaking("scaleUp") { scaleUp(&$0) }
                behavior.updateMaking("scaleDown") { scaleDown(&$0) }
            }
            // Version 1 has a field of its own instead of metrics.
            guard spec.lacks("targetCPUUtilizationPercentage"), (spec["metrics"]?.array ?? []).isEmpty else {
                return
            }
            spec["metrics"] = [
                [
                    "type": "Resource",
                    "resource": [
                        "name": "cpu", "target": ["type": "Utilization", "averageUtilization": 80],
                    ],
                ]
            ]
        }
    }

    private static func scaleUp(_ rules: inout JSONValue) {
        rules.setDefault("stabilizationWindowSeconds", 0)
        rules.setDefault("selectPolicy", "Max")
        rules.setDefault(
            "policies",
            [
                ["type": "Pods", "value": 4, "periodSeconds": 15],
                ["type": "Percent", "value": 100, "periodSeconds": 15],
            ])
    }

    private static func scaleDown(_ rules: inout JSONValue) {
        rules.setDefault("selectPolicy", "Max")
        rules.setDefault("policies", [["type": "Percent", "value": 100, "periodSeconds": 15]])
    }
}
