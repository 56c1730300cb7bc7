internal import EdgeAPI
internal import EdgeJSON

/// Controllers of pods that run on.
enum DescribeWorkloads {
    private static func selector(_ object: APIObject) -> String {
        let text = (try? LabelSelectorText.text(object[path: "spec", "selector"])) ?? ""
        return text.isEmpty ? "<none>" : text
    }

    @Sendable static func deployment(_ describer: Describer, _ description: inout Description) async throws {
        let object = describer.object
        let (spec, status) = (object["spec"], object["status"])
        description.field(0, "Name", object.name)
        description.field(0, "Namespace", object.namespace)
        description.field(
            0, "CreationTimestamp", LocalTime.rfc1123(object[path: "metadata", "creationTimestamp"]?.string))
        description.metadata(object)
        description.field(0, "Selector", selector(object))
        description.field(
            0, "Replicas",
            "\((spec?["replicas"])?.int ?? 1) desired | \((status?["updatedReplicas"]).whole) updated | "
                + "\((status?["replicas"]).whole) total | \((status?["availableReplicas"]).whole) available | "
                + "\((status?["unavailableReplicas"]).whole) unavailable")
        description.field(0, "StrategyType", object[path: "spec", "strategy", "type"].shown)
        description.field(0, "MinReadySeconds", "\((spec?["minReadySeconds"]).whole)")
        if let rolling = object[path: "spec", "strategy", "rollingUpdate"] {
            description.field(
                0, "RollingUpdateStrategy",
                "\(rolling["maxUnavailable"].shown) max unavailable, \(rolling["maxSurge"].shown) max surge")
        }
        DescribePodTemplate.write(spec?["template"], to: &description)
        description.conditions(object)
        if let sets = try? await replicaSets(describer) {
            description.field(0, "OldReplicaSets", shown(sets.old))
            description.field(0, "NewReplicaSet", shown(sets.new))
        }
        await describer.events(to: &description)
    }

    /// The deployment's ReplicaSets: the one with its present template, and those before it.
    private static func replicaSets(_ describer: Describer) async throws -> (
        old: [APIObject], new: [APIObject]
    ) {
        let object = describer.object
        let text = try LabelSelectorText.text(object[path: "spec", "selector"])
        let owned = try await describer.list(
            "ReplicaSet", "apps/v1", namespace: object.namespace, labelSelector: text
        ).filter { $0.controllerReference?.uid == object.uid }
            .sorted {
                $0[path: "metadata", "creationTimestamp"].shown
                    < $1[path: "metadata", "creationTimestamp"].shown
            }
        func template(_ object: APIObject) -> JSONValue {
            var template = object[path: "spec", "template"] ?? [:]
            template[path: "metadata", "labels", "pod-template-hash"] = nil
            template[path: "metadata", "creationTimestamp"] = nil
            return template
        }
        let wanted = template(object)
        let new = owned.first { template($0) == wanted }
        return (owned.filter { $0.name != new?.name }, new.map { [$0] } ?? [])
    }

    private static func shown(_ sets: [APIObject]) -> String {
        let texts = sets.map { set in
            "\(set.name) (\(set[path: "status", "replicas"].whole)/\(set[path: "spec", "replicas"]?.int ?? 1) "
                + "replicas created)"
        }
        return texts.isEmpty ? "<none>" : texts.joined(separator: ", ")
    }

    @Sendable static func replicaSet(_ describer: Describer, _ description: inout Description) async throws {
        try await replicas(describer, &description)
    }

    @Sendable static func replicationController(
        _ describer: Describer, _ description: inout Description
    ) async throws {
        try await replicas(describer, &description)
    }

    private static func replicas(_ describer: Describer, _ description: inout Description) async throws {
        let object = describer.object
        description.field(0, "Name", object.name)
        description.field(0, "Namespace", object.namespace)
        description.field(0, "Selector", selector(object))
        description.metadata(object)
        description.controlledBy(object)
        description.field(
            0, "Replicas",
            "\(object[path: "status", "replicas"].whole) current / \(object[path: "spec", "replicas"]?.int ?? 1) desired"
        )
        do {
            description.field(0, "Pods Status", try await describer.podCounts())
        } catch {
            description.field(0, "Pods Status", "error in fetching pods: \(error)")
        }
        DescribePodTemplate.write(object[path: "spec", "template"], to: &description)
        description.conditions(object)
        await describer.events(to: &description)
    }

    @Sendable static func statefulSet(_ describer: Describer, _ description: inout Description) async throws {
        let object = describer.object
        description.field(0, "Name", object.name)
        description.field(0, "Namespace", object.namespace)
        description.field(
            0, "CreationTimestamp", LocalTime.rfc1123(object[path: "metadata", "creationTimestamp"]?.string))
        description.field(0, "Selector", selector(object))
        description.metadata(object)
        description.field(
            0, "Replicas",
            "\(object[path: "spec", "replicas"]?.int ?? 1) desired | \(object[path: "status", "replicas"].whole) total"
        )
        description.field(0, "Update Strategy", object[path: "spec", "updateStrategy", "type"].shown)
        if let rolling = object[path: "spec", "updateStrategy", "rollingUpdate"],
            let partition = rolling["partition"]?.int
        {
            description.field(1, "Partition", "\(partition)")
            description.fieldIfPresent(1, "MaxUnavailable", rolling["maxUnavailable"].shown)
        }
        description.field(0, "Pods Status", try await describer.podCounts())
        DescribePodTemplate.write(object[path: "spec", "template"], to: &description)
        claims(object[path: "spec", "volumeClaimTemplates"].elements, to: &description)
        await describer.events(to: &description)
    }

    private static func claims(_ templates: [JSONValue], to description: inout Description) {
        guard !templates.isEmpty else { return description.field(0, "Volume Claims", "<none>") }
        description.line(0, "Volume Claims:")
        for claim in templates {
            description.field(1, "Name", claim.at("metadata", "name").shown)
            description.field(1, "StorageClass", claim.at("spec", "storageClassName").shown)
            description.labels("Labels", claim.at("metadata", "labels"), indent: "  ")
            description.labels("Annotations", claim.at("metadata", "annotations"), indent: "  ")
            let capacity = claim.at("spec", "resources", "requests", "storage").quantityText
            description.field(1, "Capacity", capacity.isEmpty ? "<default>" : capacity)
            description.field(1, "Access Modes", goList(claim.at("spec", "accessModes")?.strings ?? []))
        }
    }

    @Sendable static func daemonSet(_ describer: Describer, _ description: inout Description) async throws {
        let object = describer.object
        let status = object["status"]
        description.field(0, "Name", object.name)
        description.field(0, "Namespace", object.namespace)
        description.field(0, "Selector", selector(object))
        let nodes = object[path: "spec", "template", "spec", "nodeSelector"].members
            .map { "\($0.key)=\($0.value.string ?? "")" }
        description.field(0, "Node-Selector", nodes.isEmpty ? "<none>" : nodes.joined(separator: ","))
        description.metadata(object)
        for (title, field) in [
            ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
            ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
            ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
            ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
            ("Number of Nodes Misscheduled", "numberMisscheduled"),
        ] {
            description.line(0, "\(title): \((status?[field]).whole)")
        }
        description.field(0, "Pods Status", try await describer.podCounts())
        DescribePodTemplate.write(object[path: "spec", "template"], to: &description)
        await describer.events(to: &description)
    }
}
