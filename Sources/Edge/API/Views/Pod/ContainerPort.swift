public import EdgeJSON

public struct ContainerPort: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }

    public var containerPort: Int {
        get { json["containerPort"].number ?? 0 }
        set { json["containerPort"].number = newValue }
    }

    public var hostPort: Int {
        get { json["hostPort"].number ?? 0 }
        set { json["hostPort"].number = newValue == 0 ? nil : newValue }
    }

    public var hostIP: String {
        get { json["hostIP"].text }
        set { json["hostIP"].text = newValue }
    }

    public var `protocol`: String {
        get { json["protocol"].optionalText ?? "TCP" }
        set { json["protocol"].optionalText = newValue }
    }
}
