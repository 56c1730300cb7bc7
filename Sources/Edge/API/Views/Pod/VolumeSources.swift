public import EdgeJSON

public struct EmptyDirVolumeSource: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var medium: String {
        get { json["medium"].text }
        set { json["medium"].text = newValue }
    }

    public var sizeLimit: Quantity? {
        get { json["sizeLimit"].quantity }
        set { json["sizeLimit"].quantity = newValue }
    }
}

public struct HostPathVolumeSource: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var path: String {
        get { json["path"].text }
        set { json["path"].text = newValue }
    }

    public var type: String {
        get { json["type"].text }
        set { json["type"].text = newValue }
    }
}

public struct NFSVolumeSource: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var server: String {
        get { json["server"].text }
        set { json["server"].text = newValue }
    }

    public var path: String {
        get { json["path"].text }
        set { json["path"].text = newValue }
    }

    public var readOnly: Bool {
        get { json["readOnly"].flag }
        set { json["readOnly"].flag = newValue }
    }
}

public struct CSIVolumeSource: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var driver: String {
        get { json["driver"].text }
        set { json["driver"].text = newValue }
    }

    public var readOnly: Bool {
        get { json["readOnly"].flag }
        set { json["readOnly"].flag = newValue }
    }

    public var fsType: String? {
        get { json["fsType"].optionalText }
        set { json["fsType"].optionalText = newValue }
    }

    public var volumeAttributes: [String: String] {
        get { json["volumeAttributes"].stringMap }
        set { json["volumeAttributes"].stringMap = newValue }
    }

    public var nodePublishSecretRef: NamedReference? {
        get { json["nodePublishSecretRef"].map(NamedReference.init) }
        set { json["nodePublishSecretRef"] = newValue?.json }
    }
}

public struct EphemeralVolumeSource: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var volumeClaimTemplate: PersistentVolumeClaimTemplate? {
        get { json["volumeClaimTemplate"].map(PersistentVolumeClaimTemplate.init) }
        set { json["volumeClaimTemplate"] = newValue?.json }
    }
}

public struct PersistentVolumeClaimTemplate: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var metadata: ObjectMetadata {
        get { ObjectMetadata(json["metadata"] ?? .object(JSONObject())) }
        set { json["metadata"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var spec: PersistentVolumeClaimSpec {
        get { PersistentVolumeClaimSpec(json["spec"] ?? .object(JSONObject())) }
        set { json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct ImageVolumeSource: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var reference: String {
        get { json["reference"].text }
        set { json["reference"].text = newValue }
    }

    public var pullPolicy: String {
        get { json["pullPolicy"].text }
        set { json["pullPolicy"].text = newValue }
    }
}

public struct PersistentVolumeClaimVolumeSource: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var claimName: String {
        get { json["claimName"].text }
        set { json["claimName"].text = newValue }
    }

    public var readOnly: Bool {
        get { json["readOnly"].flag }
        set { json["readOnly"].flag = newValue }
    }
}
