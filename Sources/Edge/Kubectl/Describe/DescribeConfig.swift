internal import EdgeAPI
internal import EdgeJSON

/// Objects that only hold data.
enum DescribeConfig {
    @Sendable static func configMap(_ describer: Describer, _ description: inout Description) async throws {
        description.head(describer.object)
        description.write("\nData\n====\n")
        for member in describer.object["data"].members {
            description.write("\(member.key):\n----\n\(member.value.string ?? "")\n\n")
        }
        description.write("\nBinaryData\n====\n")
        for member in describer.object["binaryData"].members {
            description.line(
                0, "\(member.key): \(Base64.decode(member.value.string ?? "")?.count ?? 0) bytes")
        }
        description.line(0, "")
        await describer.events(to: &description)
    }

    @Sendable static func secret(_ describer: Describer, _ description: inout Description) async throws {
        let secret = describer.object
        let type = secret["type"].shown
        description.head(secret)
        description.write("\nType:\t\(type)\n\nData\n====\n")
        for member in secret["data"].members {
            let bytes = Base64.decode(member.value.string ?? "") ?? []
            if member.key == "token", type == "kubernetes.io/service-account-token" {
                description.field(0, member.key, String(decoding: bytes, as: UTF8.self))
            } else {
                description.field(0, member.key, "\(bytes.count) bytes")
            }
        }
    }

    @Sendable static func serviceAccount(
        _ describer: Describer, _ description: inout Description
    ) async throws {
        let account = describer.object
        description.head(account)
        let title = "Image pull secrets:"
        let pulls = account["imagePullSecrets"].elements.map { $0["name"].shown }
        let mounts = account["secrets"].elements.map { $0["name"].shown }
        for (title, names) in [(title, pulls), ("Mountable secrets: ", mounts), ("Tokens:            ", [])] {
            if names.isEmpty { description.line(0, "\(title)\t<none>") }
            for (index, name) in names.enumerated() {
                description.line(
                    0, "\(index == 0 ? title : String(repeating: " ", count: title.count))\t\(name)")
            }
        }
        await describer.events(to: &description)
    }

    @Sendable static func priorityClass(
        _ describer: Describer, _ description: inout Description
    ) async throws {
        let object = describer.object
        description.field(0, "Name", object.name)
        description.field(0, "Value", object["value"].shown)
        description.field(0, "GlobalDefault", object["globalDefault"].goBool)
        description.field(0, "PreemptionPolicy", object["preemptionPolicy"].shown)
        description.field(0, "Description", object["description"].shown)
        // As a list of labels, what was applied last included: kubectl prints these annotations so.
        let annotations = object[path: "metadata", "annotations"]?.object?.sortedMembers ?? []
        let pairs = annotations.map { "\($0.key)=\($0.value.string ?? "")" }
        description.field(0, "Annotations", pairs.isEmpty ? "<none>" : pairs.joined(separator: ","))
        await describer.events(to: &description)
    }
}
