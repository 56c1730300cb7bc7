internal import EdgeJSON

extension Defaulter {
    static func deployment(_ deployment: inout JSONValue) {
        deployment.updateMaking("spec") { spec in
            spec.setDefault("replicas", 1)
            spec.setDefault("revisionHistoryLimit", 10)
            spec.setDefault("progressDeadlineSeconds", 600)
            spec.updateMaking("strategy") { strategy in
                strategy.setDefaultIfEmpty("type", "RollingUpdate")
                guard strategy["type"].text == "RollingUpdate" else { return }
                strategy.updateMaking("rollingUpdate") { rolling in
                    rolling.setDefault("maxUnavailable", "25%")
                    rolling.setDefault("maxSurge", "25%")
                }
            }
            spec.updateMaking("template") { podTemplate(&$0) }
        }
    }

    static func replicaSet(_ set: inout JSONValue) {
        set.updateMaking("spec") { spec in
            spec.setDefault("replicas", 1)
            spec.update("template") { podTemplate(&$0) }
        }
    }

    static func replicationController(_ controller: inout JSONValue) {
        let labels = controller[path: "spec", "template", "metadata", "labels"]
        controller.updateMaking("spec") { spec in
            spec.setDefault("replicas", 1)
            if let labels, spec["selector"].stringMap.isEmpty { spec["selector"] = labels }
            spec.update("template") { podTemplate(&$0) }
        }
        if let labels { defaultLabels(&controller, labels) }
    }

    static func daemonSet(_ set: inout JSONValue) {
        set.updateMaking("spec") { spec in
            spec.setDefault("revisionHistoryLimit", 10)
            spec.updateMaking("updateStrategy") { strategy in
                strategy.setDefaultIfEmpty("type", "RollingUpdate")
                guard strategy["type"].text == "RollingUpdate" else { return }
                strategy.updateMaking("rollingUpdate") { rolling in
                    rolling.setDefault("maxUnavailable", 1)
                    rolling.setDefault("maxSurge", 0)
                }
            }
            spec.updateMaking("template") { podTemplate(&$0) }
        }
    }

    static func statefulSet(_ set: inout JSONValue) {
        set.updateMaking("spec") { spec in
            spec.setDefault("replicas", 1)
            spec.setDefault("revisionHistoryLimit", 10)
            spec.setDefaultIfEmpty("podManagementPolicy", "OrderedReady")
            spec.updateMaking("updateStrategy") { strategy in
                if strategy["type"].text.isEmpty {
                    strategy["type"] = "RollingUpdate"
                    strategy.setDefault("rollingUpdate", .object(JSONObject()))
                }
                guard strategy["type"].text == "RollingUpdate" else { return }
                strategy.update("rollingUpdate") { $0.setDefault("partition", 0) }
            }
            spec.updateMaking("persistentVolumeClaimRetentionPolicy") { policy in
                policy.setDefaultIfEmpty("whenDeleted", "Retain")
                policy.setDefaultIfEmpty("whenScaled", "Retain")
            }
            spec.updateMaking("template") { podTemplate(&$0) }
            spec.updateEach("volumeClaimTemplates") { template in
                template.setDefaultIfEmpty("apiVersion", "v1")
                template.setDefaultIfEmpty("kind", "PersistentVolumeClaim")
                persistentVolumeClaim(&template)
            }
        }
    }

    static func job(_ job: inout JSONValue) {
        let labels = job[path: "spec", "template", "metadata", "labels"]
        job.updateMaking("spec") { jobSpec(&$0) }
        if let labels { defaultLabels(&job, labels) }
    }

    private static func jobSpec(_ spec: inout JSONValue) {
        if spec.lacks("completions"), spec.lacks("parallelism") { spec["completions"] = 1 }
        spec.setDefault("parallelism", 1)
        let backoffLimit: JSONValue = spec.lacks("backoffLimitPerIndex") ? 6 : .int(Int64(Int32.max))
        spec.setDefault("backoffLimit", backoffLimit)
        spec.setDefault("completionMode", "NonIndexed")
        spec.setDefault("suspend", false)
        let replacement: JSONValue = spec.lacks("podFailurePolicy") ? "TerminatingOrFailed" : "Failed"
        spec.setDefault("podReplacementPolicy", replacement)
        spec.update("podFailurePolicy") { policy in
            policy.updateEach("rules") { rule in
                rule.updateEach("onPodConditions") { $0.setDefaultIfEmpty("status", "True") }
            }
        }
        spec.updateMaking("template") { podTemplate(&$0) }
    }

    static func cronJob(_ cronJob: inout JSONValue) {
        cronJob.updateMaking("spec") { spec in
            spec.setDefaultIfEmpty("concurrencyPolicy", "Allow")
            spec.setDefault("suspend", false)
            spec.setDefault("successfulJobsHistoryLimit", 3)
            spec.setDefault("failedJobsHistoryLimit", 1)
            spec.updateMaking("jobTemplate") { template in
                // Only the pods' defaults: those of the Job come when it is made.
                template.updateMaking("spec") { job in
                    job.updateMaking("template") { podTemplate(&$0) }
                }
            }
        }
    }

    private static func defaultLabels(_ object: inout JSONValue, _ labels: JSONValue) {
        guard case .object(let members) = labels, !members.isEmpty else { return }
        object.updateMaking("metadata") { metadata in
            if metadata["labels"].stringMap.isEmpty { metadata["labels"] = labels }
        }
    }
}
