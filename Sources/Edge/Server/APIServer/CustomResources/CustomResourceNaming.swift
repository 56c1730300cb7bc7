internal import EdgeAPI

/// Which names a definition gets: those that no other definition of its group has, by Kubernetes' rules.
struct CustomResourceNaming: Equatable {
    var names: CustomResourceNames
    var isAccepted: Bool
    var reason: String
    var message: String

    /// - Parameter others: the names that the other definitions of the group have.
    init(_ definition: CustomResourceDefinition, others: [CustomResourceNames]) {
        let resources = Set(others.flatMap { [$0.plural, $0.singular] + $0.shortNames })
        let kinds = Set(others.flatMap { [$0.kind, $0.listKind] })
        let wanted = definition.names
        var names = definition.status.acceptedNames
        var conflict: (reason: String, message: String)?
        func isFree(_ name: String, _ own: String, _ used: Set<String>, _ reason: String) -> Bool {
            if name == own || !used.contains(name) { return true }
            conflict = (reason, "\"\(name)\" is already in use")
            return false
        }
        if isFree(wanted.plural, names.plural, resources, "PluralConflict") { names.plural = wanted.plural }
        if isFree(wanted.singular, names.singular, resources, "SingularConflict") {
            names.singular = wanted.singular
        }
        let taken = wanted.shortNames.filter { !names.shortNames.contains($0) && resources.contains($0) }
        if taken.isEmpty {
            names.shortNames = wanted.shortNames
        } else {
            let messages = taken.map { "\"\($0)\" is already in use" }
            conflict = (
                "ShortNamesConflict",
                messages.count == 1 ? messages[0] : "[\(messages.joined(separator: ", "))]"
            )
        }
        if isFree(wanted.kind, names.kind, kinds, "KindConflict") { names.kind = wanted.kind }
        if isFree(wanted.listKind, names.listKind, kinds, "ListKindConflict") {
            names.listKind = wanted.listKind
        }
        names.categories = wanted.categories
        self.names = names
        isAccepted = conflict == nil
        reason = conflict?.reason ?? "NoConflicts"
        message = conflict?.message ?? "no conflicts found"
    }
}
