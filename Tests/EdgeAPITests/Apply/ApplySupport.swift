import EdgeJSON
import Testing

@testable import EdgeAPI

/// An object that several managers write to, as the registry would let them.
struct ManagedObject {
    var object: JSONObject?
    var managed = ManagedFields()
    let kind: GroupVersionKind
    private var clock = 0

    init(_ kind: GroupVersionKind) {
        self.kind = kind
    }

    static let deployment = GroupVersionKind(group: "apps", version: "v1", kind: "Deployment")
    static let configMap = GroupVersionKind(group: "", version: "v1", kind: "ConfigMap")
    static let service = GroupVersionKind(group: "", version: "v1", kind: "Service")

    private func manager(_ subresource: String = "") -> FieldManager {
        FieldManager(
            type: Schema.shared.kind(kind), apiVersion: kind.apiVersion, subresource: subresource,
            hasStatus: kind.kind != "ConfigMap")
    }

    private mutating func tick() -> String {
        clock += 1
        return "2026-01-01T00:00:\(clock < 10 ? "0" : "")\(clock)Z"
    }

    private func typed(_ yaml: String) throws -> JSONObject {
        var object: JSONObject = [
            "apiVersion": .string(kind.apiVersion), "kind": .string(kind.kind), "metadata": ["name": "x"],
        ]
        for member in try #require(try YAML.parse(yaml).first?.object) { object[member.key] = member.value }
        return object
    }

    private func canonical(_ object: JSONObject) throws -> JSONObject {
        let type = try #require(Schema.shared.kind(kind))
        return try ObjectDecoder.decode(.object(object), as: type).object
    }

    mutating func apply(_ yaml: String, by name: String, force: Bool = false) throws {
        let configuration = try ApplyConfiguration(typed(yaml), type: Schema.shared.kind(kind))
        let result = try manager().applied(
            configuration, to: object, managed, manager: name, force: force, now: tick())
        object = try canonical(result.object)
        managed = result.managed
    }

    mutating func update(_ yaml: String, by name: String, subresource: String = "") throws {
        let new = try canonical(typed(yaml))
        managed = manager(subresource).updated(
            managed, old: object, new: new, manager: name, now: tick())
        object = new
    }

    /// The fields of a manager as text; nil when it has no entry.
    func fields(_ name: String, _ operation: ManagedFieldsEntry.Operation = .apply) -> String? {
        managed.entries.first { $0.manager == name && $0.operation == operation }
            .map { JSONValue.object($0.fieldsV1).description }
    }

    func value(_ path: String...) -> JSONValue? {
        var value = object.map(JSONValue.object)
        for key in path { value = value?[key] }
        return value
    }
}
