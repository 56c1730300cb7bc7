internal import EdgeAPI
internal import EdgeJSON

/// Namespaces with their quotas and limits.
enum DescribeNamespace {
    @Sendable static func write(_ describer: Describer, _ description: inout Description) async throws {
        let namespace = describer.object
        description.field(0, "Name", namespace.name)
        description.metadata(namespace)
        description.field(0, "Status", namespace[path: "status", "phase"].shown)
        let conditions = namespace[path: "status", "conditions"].elements
        if !conditions.isEmpty {
            description.line(0, "Conditions:")
            description.line(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage")
            description.line(1, "----\t------\t------------------\t------\t-------")
        }
        for condition in conditions {
            description.line(
                1,
                "\(condition["type"].shown)\t\(condition["status"].shown)\t"
                    + "\(LocalTime.rfc1123(condition["lastTransitionTime"]?.string))\t"
                    + "\(condition["reason"].shown)\t\(condition["message"].shown)")
        }
        if let quotas = try? await describer.list("ResourceQuota", "v1", namespace: namespace.name) {
            description.line(0, "")
            write(quotas: quotas, to: &description)
        }
        if let ranges = try? await describer.list("LimitRange", "v1", namespace: namespace.name) {
            description.line(0, "")
            write(ranges: ranges, to: &description)
        }
    }

    private static func write(quotas: [APIObject], to description: inout Description) {
        guard !quotas.isEmpty else { return description.line(0, "No resource quota.") }
        description.line(0, "Resource Quotas")
        for quota in quotas.sorted(by: { $0.name < $1.name }) {
            description.field(1, "Name", quota.name)
            let scopes = quota[path: "spec", "scopes"]?.strings ?? []
            description.fieldIfPresent(1, "Scopes", scopes.sorted().joined(separator: ", "))
            description.line(1, "Resource\tUsed\tHard")
            description.line(1, "--------\t---\t---")
            for member in quota[path: "status", "hard"].members {
                let used = quota[path: "status", "used"]?[member.key].quantityText ?? "0"
                description.line(1, "\(member.key)\t\(used)\t\(Optional(member.value).quantityText)")
            }
        }
    }

    private static func write(ranges: [APIObject], to description: inout Description) {
        guard !ranges.isEmpty else { return description.line(0, "No LimitRange resource.") }
        description.line(0, "Resource Limits")
        description.line(
            0, " Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio")
        description.line(
            0, " ----\t--------\t---\t---\t---------------\t-------------\t-----------------------")
        let sections = ["min", "max", "defaultRequest", "default", "maxLimitRequestRatio"]
        for range in ranges {
            for limit in range[path: "spec", "limits"].elements {
                let names = Set(sections.flatMap { limit[$0].members.map(\.key) }).sorted()
                for name in names {
                    let cells = sections.map { section in
                        let text = (limit[section]?[name]).quantityText
                        return text.isEmpty ? "-" : text
                    }
                    description.line(0, " \(limit["type"].shown)\t\(name)\t\(cells.joined(separator: "\t"))")
                }
            }
        }
    }

    @Sendable static func quota(_ describer: Describer, _ description: inout Description) async throws {
        let quota = describer.object
        description.field(0, "Name", quota.name)
        description.field(0, "Namespace", quota.namespace)
        let scopes = quota[path: "spec", "scopes"]?.strings ?? []
        description.fieldIfPresent(0, "Scopes", scopes.sorted().joined(separator: ", "))
        description.line(0, "Resource\tUsed\tHard")
        description.line(0, "--------\t----\t----")
        for member in quota[path: "status", "hard"].members {
            let used = quota[path: "status", "used"]?[member.key].quantityText ?? "0"
            description.line(0, "\(member.key)\t\(used)\t\(Optional(member.value).quantityText)")
        }
    }
}
