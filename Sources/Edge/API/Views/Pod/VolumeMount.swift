public import EdgeJSON

public struct VolumeMount: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }

    public var mountPath: String {
        get { json["mountPath"].text }
        set { json["mountPath"].text = newValue }
    }

    public var subPath: String {
        get { json["subPath"].text }
        set { json["subPath"].text = newValue }
    }

    public var subPathExpr: String {
        get { json["subPathExpr"].text }
        set { json["subPathExpr"].text = newValue }
    }

    public var readOnly: Bool {
        get { json["readOnly"].flag }
        set { json["readOnly"].flag = newValue }
    }

    public var recursiveReadOnly: String? {
        get { json["recursiveReadOnly"].optionalText }
        set { json["recursiveReadOnly"].optionalText = newValue }
    }

    public var mountPropagation: String? {
        get { json["mountPropagation"].optionalText }
        set { json["mountPropagation"].optionalText = newValue }
    }
}

public struct VolumeDevice: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }

    public var devicePath: String {
        get { json["devicePath"].text }
        set { json["devicePath"].text = newValue }
    }
}
