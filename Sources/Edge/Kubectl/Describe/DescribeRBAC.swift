internal import EdgeAPI
internal import EdgeJSON

/// Roles and their bindings.
enum DescribeRBAC {
    @Sendable static func role(_ describer: Describer, _ description: inout Description) async throws {
        description.field(0, "Name", describer.object.name)
        description.metadata(describer.object)
        description.line(0, "PolicyRule:")
        description.line(1, "Resources\tNon-Resource URLs\tResource Names\tVerbs")
        description.line(1, "---------\t-----------------\t--------------\t-----")
        for line in PolicyRules.lines(describer.object["rules"].elements) {
            description.line(
                1, "\(line.resources)\t\(goList(line.paths))\t\(goList(line.names))\t\(goList(line.verbs))")
        }
    }

    @Sendable static func binding(_ describer: Describer, _ description: inout Description) async throws {
        let binding = describer.object
        description.field(0, "Name", binding.name)
        description.metadata(binding)
        description.line(0, "Role:")
        description.field(1, "Kind", binding[path: "roleRef", "kind"].shown)
        description.field(1, "Name", binding[path: "roleRef", "name"].shown)
        description.line(0, "Subjects:")
        description.line(1, "Kind\tName\tNamespace")
        description.line(1, "----\t----\t---------")
        for subject in binding["subjects"].elements {
            description.line(
                1, "\(subject["kind"].shown)\t\(subject["name"].shown)\t\(subject["namespace"].shown)")
        }
    }
}
