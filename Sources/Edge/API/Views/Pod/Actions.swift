public import EdgeJSON

public struct ExecAction: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var command: [String] {
        get { json["command"].strings }
        set { json["command"].strings = newValue }
    }
}

public struct HTTPGetAction: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var path: String {
        get { json["path"].optionalText ?? "/" }
        set { json["path"].optionalText = newValue }
    }

    public var port: IntOrString? {
        get { json["port"].intOrString }
        set { json["port"].intOrString = newValue }
    }

    public var host: String {
        get { json["host"].text }
        set { json["host"].text = newValue }
    }

    public var scheme: String {
        get { json["scheme"].optionalText ?? "HTTP" }
        set { json["scheme"].optionalText = newValue }
    }

    public var httpHeaders: [HTTPHeader] {
        get { json["httpHeaders"].views() }
        set { json["httpHeaders"] = newValue.jsonValue }
    }
}

public struct HTTPHeader: JSONView {
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
}

public struct TCPSocketAction: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var port: IntOrString? {
        get { json["port"].intOrString }
        set { json["port"].intOrString = newValue }
    }

    public var host: String {
        get { json["host"].text }
        set { json["host"].text = newValue }
    }
}

public struct GRPCAction: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var port: Int {
        get { json["port"].number ?? 0 }
        set { json["port"].number = newValue == 0 ? nil : newValue }
    }

    public var service: String {
        get { json["service"].text }
        set { json["service"].text = newValue }
    }
}

public struct SleepAction: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var seconds: Int {
        get { json["seconds"].number ?? 0 }
        set { json["seconds"].number = newValue == 0 ? nil : newValue }
    }
}
