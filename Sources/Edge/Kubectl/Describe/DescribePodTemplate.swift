internal import EdgeJSON

/// The pod template of a workload.
enum DescribePodTemplate {
    static func write(_ template: JSONValue?, to description: inout Description) {
        description.line(0, "Pod Template:")
        guard let template, !template.isNull else { return description.write("  <unset>") }
        description.labels("  Labels", template.at("metadata", "labels"))
        if !template.at("metadata", "annotations").members.isEmpty {
            description.annotations("  Annotations", template.at("metadata", "annotations"))
        }
        let spec = template["spec"]
        description.fieldIfPresent(1, "Service Account", spec?["serviceAccountName"]?.string)
        if !(spec?["initContainers"]).elements.isEmpty {
            DescribeContainers.write(
                "Init Containers", (spec?["initContainers"]).elements, indent: "  ", to: &description)
        }
        DescribeContainers.write("Containers", (spec?["containers"]).elements, indent: "  ", to: &description)
        DescribeVolumes.write(spec?["volumes"], indent: "  ", to: &description)
        DescribePod.spreadConstraints(spec, indent: "  ", to: &description)
        description.fieldIfPresent(1, "Priority Class Name", spec?["priorityClassName"]?.string)
        description.labels("  Node-Selectors", spec?["nodeSelector"])
        description.tolerations("  Tolerations", spec?["tolerations"])
    }
}
