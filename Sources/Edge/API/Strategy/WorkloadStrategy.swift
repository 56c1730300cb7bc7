internal import EdgeJSON

extension ResourceStrategy {
    private static let templateGeneration = "deprecated.daemonset.template.generation"

    static let createDaemonSet: Create = { $0[annotation: templateGeneration] = "1" }

    static let updateDaemonSet: Update = { new, old in
        let count = old[annotation: templateGeneration].flatMap { Int($0) } ?? 1
        let isSame = new[path: "spec", "template"] == old[path: "spec", "template"]
        new[annotation: templateGeneration] = String(isSame ? count : count + 1)
    }

    /// Unless the user selects pods by hand, a Job selects its pods by its own uid.
    static let createJob: Create = { object in
        guard !object[path: "spec", "manualSelector"].flag else { return }
        let uid: JSONValue = .string(object.uid)
        let name: JSONValue = .string(object.name)
        var spec = object["spec"] ?? .object(JSONObject())
        spec.updateMaking("template") { template in
            template.updateMaking("metadata") { metadata in
                metadata.updateMaking("labels") { labels in
                    labels["controller-uid"] = uid
                    labels["batch.kubernetes.io/controller-uid"] = uid
                    labels["job-name"] = name
                    labels["batch.kubernetes.io/job-name"] = name
                }
            }
        }
        spec.updateMaking("selector") { selector in
            selector.updateMaking("matchLabels") { $0["batch.kubernetes.io/controller-uid"] = uid }
        }
        object["spec"] = spec
    }

    static let createNamespace: Create = { object in
        object["status"] = ["phase": "Active"]
        let finalizers = object[path: "spec", "finalizers"].strings
        if !finalizers.contains("kubernetes") {
            object[path: "spec", "finalizers"].strings = finalizers + ["kubernetes"]
        }
    }
}
