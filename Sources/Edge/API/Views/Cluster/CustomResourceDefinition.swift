public import EdgeJSON

/// Describes a kind that users add to the API.
public struct CustomResourceDefinition: ObjectView {
    public static let resource = "customresourcedefinitions.apiextensions.k8s.io"
    public static let apiVersion = "apiextensions.k8s.io/v1"
    public static let kind = "CustomResourceDefinition"
    /// Holds a definition until its objects are gone.
    public static let cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    private var spec: JSONValue { object["spec"] ?? .null }

    public var group: String { spec["group"].text }
    public var isNamespaced: Bool { spec["scope"].text == "Namespaced" }
    public var names: CustomResourceNames { CustomResourceNames(spec["names"] ?? .null) }
    public var versions: [CustomResourceVersion] { spec["versions"].views() }
    /// The version in which objects are stored.
    public var storageVersion: String { versions.first(where: \.isStorage)?.name ?? "" }
    public var conversion: JSONValue { spec["conversion"] ?? .null }

    public var status: CustomResourceDefinitionStatus {
        get { member("status") }
        set { setMember("status", newValue) }
    }

    /// The name under which its objects are stored, `crontabs.stable.example.com`.
    public var storageName: String { "\(names.plural).\(group)" }
}

/// The names by which a custom resource is called.
public struct CustomResourceNames: JSONView, Hashable {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var plural: String {
        get { json["plural"].text }
        set { json["plural"] = .string(newValue) }
    }
    public var singular: String {
        get { json["singular"].text }
        set { json["singular"].text = newValue }
    }
    public var kind: String {
        get { json["kind"].text }
        set { json["kind"] = .string(newValue) }
    }
    public var listKind: String {
        get { json["listKind"].text }
        set { json["listKind"].text = newValue }
    }
    public var shortNames: [String] {
        get { json["shortNames"].strings }
        set { json["shortNames"].strings = newValue }
    }
    public var categories: [String] {
        get { json["categories"].strings }
        set { json["categories"].strings = newValue }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(plural) }
}

/// One version of a custom resource.
public struct CustomResourceVersion: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String { json["name"].text }
    public var isServed: Bool { json["served"].flag }
    public var isStorage: Bool { json["storage"].flag }
    public var schema: JSONObject? { json["schema"]?["openAPIV3Schema"]?.object }
    public var hasStatus: Bool { json["subresources"]?["status"]?.object != nil }
    public var scale: JSONValue? { json["subresources"]?["scale"] }
    public var columns: [JSONValue] { json["additionalPrinterColumns"]?.array ?? [] }
    /// Paths such as `.spec.color`.
    public var selectableFields: [String] {
        (json["selectableFields"]?.array ?? []).map { $0["jsonPath"].text }
    }
    public var isDeprecated: Bool { json["deprecated"].flag }
    public var deprecationWarning: String? { json["deprecationWarning"]?.string }
}

public struct CustomResourceDefinitionStatus: ConditionHolder {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var acceptedNames: CustomResourceNames {
        get { CustomResourceNames(json["acceptedNames"] ?? .object(JSONObject())) }
        set { json["acceptedNames"] = newValue.json }
    }

    /// Every version in which objects may still be stored.
    public var storedVersions: [String] {
        get { json["storedVersions"].strings }
        set { json["storedVersions"].strings = newValue }
    }
}
