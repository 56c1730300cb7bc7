public import EdgeJSON

public struct EnvVar: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }

    public var value: String {
        get { json["value"].text }
        set { json["value"].text = newValue }
    }

    public var valueFrom: EnvVarSource? {
        get { json["valueFrom"].map(EnvVarSource.init) }
        set { json["valueFrom"] = newValue?.json }
    }
}

/// Where a variable's value comes from; exactly one is set.
public struct EnvVarSource: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var fieldRef: ObjectFieldSelector? {
        get { json["fieldRef"].map(ObjectFieldSelector.init) }
        set { json["fieldRef"] = newValue?.json }
    }

    public var resourceFieldRef: ResourceFieldSelector? {
        get { json["resourceFieldRef"].map(ResourceFieldSelector.init) }
        set { json["resourceFieldRef"] = newValue?.json }
    }

    public var configMapKeyRef: KeySelector? {
        get { json["configMapKeyRef"].map(KeySelector.init) }
        set { json["configMapKeyRef"] = newValue?.json }
    }

    public var secretKeyRef: KeySelector? {
        get { json["secretKeyRef"].map(KeySelector.init) }
        set { json["secretKeyRef"] = newValue?.json }
    }

    public var fileKeyRef: JSONValue? {
        get { json["fileKeyRef"] }
        set { json["fileKeyRef"] = newValue }
    }
}

public struct EnvFromSource: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var prefix: String {
        get { json["prefix"].text }
        set { json["prefix"].text = newValue }
    }

    public var configMapRef: OptionalReference? {
        get { json["configMapRef"].map(OptionalReference.init) }
        set { json["configMapRef"] = newValue?.json }
    }

    public var secretRef: OptionalReference? {
        get { json["secretRef"].map(OptionalReference.init) }
        set { json["secretRef"] = newValue?.json }
    }
}

public struct ObjectFieldSelector: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var apiVersion: String {
        get { json["apiVersion"].optionalText ?? "v1" }
        set { json["apiVersion"].optionalText = newValue }
    }

    public var fieldPath: String {
        get { json["fieldPath"].text }
        set { json["fieldPath"].text = newValue }
    }
}

public struct ResourceFieldSelector: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var containerName: String {
        get { json["containerName"].text }
        set { json["containerName"].text = newValue }
    }

    public var resource: String {
        get { json["resource"].text }
        set { json["resource"].text = newValue }
    }

    public var divisor: Quantity? {
        get { json["divisor"].quantity }
        set { json["divisor"].quantity = newValue }
    }
}

/// One key of a ConfigMap or Secret.
public struct KeySelector: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }

    public var key: String {
        get { json["key"].text }
        set { json["key"].text = newValue }
    }

    public var optional: Bool {
        get { json["optional"].flag }
        set { json["optional"].flag = newValue }
    }
}

public struct OptionalReference: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }

    public var optional: Bool {
        get { json["optional"].flag }
        set { json["optional"].flag = newValue }
    }
}
