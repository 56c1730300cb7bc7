internal import EdgeJSON

/// The kinds by which an API server is extended.
extension Defaulter {
    static func webhook(_ webhook: inout JSONValue) {
        webhook.setDefault("failurePolicy", "Fail")
        webhook.setDefault("matchPolicy", "Equivalent")
        webhook.setDefault("namespaceSelector", .object(JSONObject()))
        webhook.setDefault("objectSelector", .object(JSONObject()))
        webhook.setDefault("timeoutSeconds", 10)
        webhook.update("clientConfig") { config in
            config.update("service") { $0.setDefault("port", 443) }
        }
        webhook.updateEach("rules") { $0.setDefault("scope", "*") }
    }

    static func admissionPolicy(_ policy: inout JSONValue) {
        policy.update("spec") { spec in
            spec.setDefault("failurePolicy", "Fail")
            spec.update("matchConstraints", matchResources)
        }
    }

    static func admissionPolicyBinding(_ binding: inout JSONValue) {
        binding.update("spec") { spec in
            spec.update("matchResources", matchResources)
            spec.update("paramRef") { $0.setDefault("parameterNotFoundAction", "Deny") }
        }
    }

    private static func matchResources(_ match: inout JSONValue) {
        match.setDefault("matchPolicy", "Equivalent")
        match.setDefault("namespaceSelector", .object(JSONObject()))
        match.setDefault("objectSelector", .object(JSONObject()))
        for list in ["resourceRules", "excludeResourceRules"] {
            match.updateEach(list) { $0.setDefault("scope", "*") }
        }
    }

    static func customResourceDefinition(_ definition: inout JSONValue) {
        definition.update("spec") { spec in
            spec.updateMaking("conversion") { conversion in
                conversion.setDefaultIfEmpty("strategy", "None")
                conversion.update("webhook") { webhook in
                    webhook.update("clientConfig") { config in
                        config.update("service") { $0.setDefault("port", 443) }
                    }
                }
            }
            spec.update("names") { names in
                let kind = names["kind"].text
                guard !kind.isEmpty else { return }
                names.setDefaultIfEmpty("singular", .string(kind.lowercased()))
                names.setDefaultIfEmpty("listKind", .string(kind + "List"))
            }
        }
    }
}
