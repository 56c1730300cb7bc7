/// Fields that others own and that an applied configuration would change.
public struct ApplyConflicts: Error, Equatable {
    struct Conflict: Equatable {
        let owner: ManagedFieldsEntry
        let path: [String]

        var field: String { path.map(PathElement.description).joined() }
    }

    var conflicts: [Conflict]

    var fields: FieldSet { FieldSet(paths: conflicts.map(\.path)) }

    /// Kubernetes' 409, with a cause for each field.
    public var status: APIStatus {
        APIStatus(
            code: 409, reason: .conflict, message: message,
            details: APIStatus.Details(
                causes: conflicts.map {
                    APIStatus.Cause(
                        reason: "FieldManagerConflict", message: "conflict with \($0.owner.description)",
                        field: $0.field)
                }))
    }

    private var message: String {
        if conflicts.count == 1, let only = conflicts.first {
            return "Apply failed with 1 conflict: conflict with \(only.owner.description): \(only.field)"
        }
        var lines: [String] = []
        var owner: ManagedFieldsEntry.Identity?
        for conflict in conflicts {
            if conflict.owner.identity != owner {
                owner = conflict.owner.identity
                lines.append("conflicts with \(conflict.owner.description):")
            }
            lines.append("- \(conflict.field)")
        }
        return "Apply failed with \(conflicts.count) conflicts: \(lines.joined(separator: "\n"))"
    }
}
