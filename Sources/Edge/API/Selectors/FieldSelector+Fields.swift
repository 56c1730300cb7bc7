internal import EdgeJSON

/// Which fields can be selected by, and how they are read.
extension FieldSelector {
    /// Fields beyond `metadata.name` and `metadata.namespace`, by resource.
    static let fieldsOfResource: [String: [String: @Sendable (APIObject) -> String]] = [
        "pods": [
            "spec.nodeName": text("spec", "nodeName"),
            "spec.host": text("spec", "nodeName"),
            "spec.restartPolicy": text("spec", "restartPolicy"),
            "spec.schedulerName": text("spec", "schedulerName"),
            "spec.serviceAccountName": text("spec", "serviceAccountName"),
            "spec.hostNetwork": { String($0[path: "spec", "hostNetwork"].flag) },
            "status.phase": text("status", "phase"),
            "status.podIP": { Pod($0).addresses.first ?? "" },
            "status.podIPs": { Pod($0).addresses.joined(separator: ",") },
            "status.nominatedNodeName": text("status", "nominatedNodeName"),
        ],
        "events": [
            "involvedObject.kind": text("involvedObject", "kind"),
            "involvedObject.namespace": text("involvedObject", "namespace"),
            "involvedObject.name": text("involvedObject", "name"),
            "involvedObject.uid": text("involvedObject", "uid"),
            "involvedObject.apiVersion": text("involvedObject", "apiVersion"),
            "involvedObject.resourceVersion": text("involvedObject", "resourceVersion"),
            "involvedObject.fieldPath": text("involvedObject", "fieldPath"),
            "reason": text("reason"),
            "reportingComponent": text("reportingComponent"),
            "source": { object in
                let source = object[path: "source", "component"].text
                return source.isEmpty ? object["reportingComponent"].text : source
            },
            "type": text("type"),
        ],
        "secrets": ["type": text("type")],
        "nodes": ["spec.unschedulable": { String($0[path: "spec", "unschedulable"].flag) }],
        "namespaces": ["status.phase": text("status", "phase")],
        "services": [
            "spec.clusterIP": text("spec", "clusterIP"), "spec.type": text("spec", "type"),
        ],
        "replicationcontrollers": ["status.replicas": number("status", "replicas")],
        "replicasets.apps": ["status.replicas": number("status", "replicas")],
        "jobs.batch": ["status.successful": number("status", "succeeded")],
        "resourceslices.resource.k8s.io": [
            "spec.nodeName": text("spec", "nodeName"), "spec.driver": text("spec", "driver"),
        ],
        "certificatesigningrequests.certificates.k8s.io": ["spec.signerName": text("spec", "signerName")],
    ]

    private static func text(_ first: String) -> @Sendable (APIObject) -> String {
        { $0[first].text }
    }

    private static func text(_ first: String, _ second: String) -> @Sendable (APIObject) -> String {
        { $0.json[first]?[second]?.string ?? "" }
    }

    private static func number(_ first: String, _ second: String) -> @Sendable (APIObject) -> String {
        { String($0.json[first]?[second]?.int ?? 0) }
    }

    /// Resources whose objects another API version shows as these.
    private static func storage(_ resource: String) -> String {
        resource == "events.events.k8s.io" ? "events" : resource
    }

    /// Checks that the objects of a resource can be selected by these fields; `custom` are the selectable
    /// fields of a CustomResourceDefinition. The error is what the server answers with status 400.
    public func check(resource: ResourceDefinition) throws(SelectorError) {
        guard let custom = resource.custom else { return try check(resource: resource.storageName) }
        for term in terms where term.field != "metadata.name" && term.field != "metadata.namespace" {
            if !custom.version.selectableFields.contains(term.field) {
                throw SelectorError("field label not supported: \(term.field)")
            }
        }
    }

    /// The same by the name of a resource.
    public func check(resource: String, custom: Set<String> = []) throws(SelectorError) {
        let fields = Self.fieldsOfResource[Self.storage(resource)]
        for term in terms where term.field != "metadata.name" && term.field != "metadata.namespace" {
            if fields?[term.field] != nil || custom.contains(term.field) { continue }
            throw SelectorError(Self.refusal(of: term.field, resource, hasFields: fields != nil))
        }
    }

    /// Resources with fields of their own are worded differently.
    private static func refusal(of field: String, _ resource: String, hasFields: Bool) -> String {
        if resource == "jobs.batch" { return "field label \(field.goQuoted) not supported for batchv1.Job" }
        if hasFields { return "field label not supported: \(field)" }
        return "\(field.goQuoted) is not a known field selector: only \"metadata.name\", "
            + "\"metadata.namespace\""
    }

    /// Whether the object meets the conditions. Fields that are not in the table are read by their path, as
    /// custom resources have them; a missing one counts as empty.
    public func matches(_ object: APIObject, resource: String) -> Bool {
        guard !terms.isEmpty else { return true }
        let fields = Self.fieldsOfResource[Self.storage(resource)]
        return matches { field in
            switch field {
            case "metadata.name": object.name
            case "metadata.namespace": object.namespace
            default: fields?[field]?(object) ?? Self.text(at: field, in: object)
            }
        }
    }

    private static func text(at path: String, in object: APIObject) -> String {
        var value: JSONValue? = object.value
        for key in path.split(separator: ".") { value = value?[String(key)] }
        switch value {
        case .string(let text)?: return text
        case .bool?, .int?, .double?: return value?.description ?? ""
        default: return ""
        }
    }

    public func matches<View: ObjectView>(_ view: View) -> Bool {
        matches(view.object, resource: View.resource)
    }
}
