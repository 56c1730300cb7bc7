public import EdgeJSON

/// One entry of `metadata.managedFields`: who set which fields, how, and when last.
public struct ManagedFieldsEntry: Sendable, Equatable {
    public enum Operation: String, Sendable {
        case apply = "Apply"
        case update = "Update"
    }

    /// What tells the entries of one object apart. An applier has one entry whatever version it applies.
    public struct Identity: Sendable, Hashable {
        public var manager: String
        public var operation: Operation
        /// Empty for appliers.
        var apiVersion: String
        public var subresource: String
    }

    public var manager: String
    public var operation: Operation
    public var apiVersion: String
    public var subresource: String
    /// RFC 3339.
    public var time: String?
    /// `FieldsV1` as it is stored; decoded only where its fields are looked at.
    public var fieldsV1: JSONObject

    public init(
        manager: String, operation: Operation, apiVersion: String, subresource: String = "",
        time: String? = nil, fields: FieldSet = FieldSet()
    ) {
        self.manager = manager
        self.operation = operation
        self.apiVersion = apiVersion
        self.subresource = subresource
        self.time = time
        fieldsV1 = fields.fieldsV1
    }

    public var fields: FieldSet {
        get { FieldSet(fieldsV1: fieldsV1) ?? FieldSet() }
        set { fieldsV1 = newValue.fieldsV1 }
    }

    public var identity: Identity {
        Identity(
            manager: manager, operation: operation, apiVersion: operation == .apply ? "" : apiVersion,
            subresource: subresource)
    }

    /// As conflicts name it: `"kubectl" using apps/v1`, `"me" with subresource "status"`.
    var description: String {
        var text = manager.goQuoted
        if !subresource.isEmpty { text += " with subresource \(subresource.goQuoted)" }
        return operation == .update ? "\(text) using \(apiVersion)" : text
    }
}

extension ManagedFieldsEntry {
    /// Reads a stored entry; nil for what is none.
    init?(_ value: JSONValue) {
        guard let operation = value["operation"]?.string.flatMap(Operation.init(rawValue:)),
            let apiVersion = value["apiVersion"]?.string, !apiVersion.isEmpty,
            value["fieldsType"] == "FieldsV1"
        else { return nil }
        manager = value["manager"]?.string ?? ""
        self.operation = operation
        self.apiVersion = apiVersion
        subresource = value["subresource"]?.string ?? ""
        time = value["time"]?.string
        fieldsV1 = value["fieldsV1"]?.object ?? JSONObject()
    }

    var value: JSONValue {
        var members: [JSONObject.Member] = [.init("apiVersion", .string(apiVersion))]
        members.reserveCapacity(7)
        members.append(.init("fieldsType", "FieldsV1"))
        members.append(.init("fieldsV1", .object(fieldsV1)))
        if !manager.isEmpty { members.append(.init("manager", .string(manager))) }
        members.append(.init("operation", .string(operation.rawValue)))
        if !subresource.isEmpty { members.append(.init("subresource", .string(subresource))) }
        if let time { members.append(.init("time", .string(time))) }
        return .object(JSONObject(uniqueMembers: members))
    }

    /// Kubernetes' order: appliers first, then by time, manager, version and subresource.
    static func precedes(_ left: Self, _ right: Self) -> Bool {
        if left.operation != right.operation { return left.operation == .apply }
        if left.time != right.time { return left.time ?? "" < right.time ?? "" }
        if left.manager != right.manager { return left.manager < right.manager }
        if left.apiVersion != right.apiVersion { return left.apiVersion < right.apiVersion }
        return left.subresource < right.subresource
    }
}
