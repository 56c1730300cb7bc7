internal import EdgeJSON

/// The rules for CustomResourceDefinitions, those of `k8s.io/apiextensions-apiserver/pkg/apis`.
extension ObjectValidator {
    static let customResourceDefinition: Rule = { object, old, errors in
        let definition = CustomResourceDefinition(object)
        let before = old.map(CustomResourceDefinition.init)
        if before == nil, object.name != definition.storageName {
            errors.invalid(
                FieldPath.metadata["name"], object.name, "must be spec.names.plural+\".\"+spec.group")
        }
        var checker = DefinitionChecker(definition, before)
        checker.check()
        for error in checker.errors.list { errors.append(error) }
    }

    static let customResourceDefinitionStatus: StatusRule = { object, _, errors in
        var checker = DefinitionChecker(CustomResourceDefinition(object), nil)
        checker.checkNames(
            CustomResourceDefinition(object).status.acceptedNames, FieldPath.status["acceptedNames"])
        for error in checker.errors.list { errors.append(error) }
    }
}

/// Checks the spec of one definition.
struct DefinitionChecker {
    var errors = FieldErrors()
    let definition: CustomResourceDefinition
    /// The definition as it was, for an update.
    let old: CustomResourceDefinition?
    let path = FieldPath.spec

    init(_ definition: CustomResourceDefinition, _ old: CustomResourceDefinition?) {
        self.definition = definition
        self.old = old
    }

    mutating func check() {
        checkGroup()
        errors.oneOf(path["scope"], definition.object[path: "spec", "scope"].text, ["Cluster", "Namespaced"])
        checkVersions()
        checkRequiredNames()
        checkNames(definition.names, path["names"])
        checkConversion()
        checkImmutable()
        checkStoredVersions()
        checkApproval()
        if definition.object[path: "spec", "preserveUnknownFields"].flag,
            old?.object[path: "spec", "preserveUnknownFields"].flag != true
        {
            errors.invalid(
                path["preserveUnknownFields"], true,
                "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
            )
        }
    }

    private mutating func checkGroup() {
        let group = definition.group
        if group.isEmpty {
            errors.required(path["group"])
        } else if !Names.subdomain(group).isEmpty {
            errors.invalid(path["group"], group, Names.subdomain(group).joined(separator: ","))
        } else if !group.contains(".") {
            errors.invalid(path["group"], group, "should be a domain with at least one dot")
        }
    }

    private mutating func checkRequiredNames() {
        let names = definition.names
        for (key, value) in [
            ("plural", names.plural), ("singular", names.singular), ("kind", names.kind),
            ("listKind", names.listKind),
        ] where value.isEmpty {
            errors.required(path["names"][key])
        }
    }

    mutating func checkNames(_ names: CustomResourceNames, _ path: FieldPath) {
        for (key, value) in [("plural", names.plural), ("singular", names.singular)] where !value.isEmpty {
            let messages = Names.rfc1035Label(value)
            if !messages.isEmpty { errors.invalid(path[key], value, messages.joined(separator: ",")) }
        }
        for (key, value) in [("kind", names.kind), ("listKind", names.listKind)] where !value.isEmpty {
            let messages = Names.rfc1035Label(value.lowercased())
            if !messages.isEmpty {
                errors.invalid(
                    path[key], value,
                    "may have mixed case, but should otherwise match: " + messages.joined(separator: ","))
            }
        }
        for (key, values) in [("shortNames", names.shortNames), ("categories", names.categories)] {
            for (index, value) in values.enumerated() {
                let messages = Names.rfc1035Label(value)
                if !messages.isEmpty {
                    errors.invalid(path[key][index], value, messages.joined(separator: ","))
                }
            }
        }
        if !names.kind.isEmpty, names.kind == names.listKind {
            errors.invalid(path["listKind"], names.listKind, "kind and listKind may not be the same")
        }
    }

    private mutating func checkImmutable() {
        guard let old else { return }
        if old.status.isTrue("Established") {
            let scopes = (definition.object[path: "spec", "scope"], old.object[path: "spec", "scope"])
            errors.immutable(path["scope"], scopes.0, scopes.1)
            errors.immutable(
                path["names"]["kind"], .string(definition.names.kind), .string(old.names.kind))
        }
        errors.immutable(path["group"], .string(definition.group), .string(old.group))
        errors.immutable(
            path["names"]["plural"], .string(definition.names.plural), .string(old.names.plural))
    }

    private mutating func checkStoredVersions() {
        let stored = definition.status.storedVersions
        let path = FieldPath.status["storedVersions"]
        let versions = definition.versions.map(\.name)
        guard !stored.isEmpty else {
            errors.invalid(path, [], "must have at least one stored version")
            return
        }
        let storage = definition.storageVersion
        if !storage.isEmpty, !stored.contains(storage) {
            errors.invalid(
                path, .array(stored.map(JSONValue.string)), "must have the storage version \(storage)")
        }
        for (index, version) in stored.enumerated() where !versions.contains(version) {
            errors.invalid(
                path[index], version,
                "missing from spec.versions; \(version) was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in \(version) and removes \(version) from status.storedVersions"
            )
        }
    }

    // MARK: Approval

    static let approvalAnnotation = "api-approved.kubernetes.io"

    /// The groups of the Kubernetes project itself need its approval.
    static func isProtected(_ group: String) -> Bool {
        ["k8s.io", "kubernetes.io"].contains { group == $0 || group.hasSuffix(".\($0)") }
    }

    private mutating func checkApproval() {
        guard Self.isProtected(definition.group) else { return }
        let annotation = definition[annotation: Self.approvalAnnotation] ?? ""
        if let old, (old[annotation: Self.approvalAnnotation] ?? "") == annotation { return }
        let path = FieldPath.metadata["annotations"][key: Self.approvalAnnotation]
        let reference = "see https://github.com/kubernetes/enhancements/pull/1111"
        let subject = "protected groups must have approval annotation \(Self.approvalAnnotation.goQuoted)"
        if annotation.isEmpty {
            errors.required(path, "\(subject), \(reference)")
        } else if !annotation.hasPrefix("unapproved"), !Self.isURL(annotation) {
            errors.invalid(
                path, annotation,
                "\(subject) with either a URL or a reason starting with \"unapproved\", \(reference)")
        }
    }

    private static func isURL(_ text: String) -> Bool {
        text.contains("://") && URIFormat.isRequestURI(text)
    }
}
