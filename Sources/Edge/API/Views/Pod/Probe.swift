public import EdgeJSON

public struct Probe: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var exec: ExecAction? {
        get { json["exec"].map(ExecAction.init) }
        set { json["exec"] = newValue?.json }
    }

    public var httpGet: HTTPGetAction? {
        get { json["httpGet"].map(HTTPGetAction.init) }
        set { json["httpGet"] = newValue?.json }
    }

    public var tcpSocket: TCPSocketAction? {
        get { json["tcpSocket"].map(TCPSocketAction.init) }
        set { json["tcpSocket"] = newValue?.json }
    }

    public var grpc: GRPCAction? {
        get { json["grpc"].map(GRPCAction.init) }
        set { json["grpc"] = newValue?.json }
    }

    public var initialDelaySeconds: Int {
        get { json["initialDelaySeconds"].number ?? 0 }
        set { json["initialDelaySeconds"].number = newValue == 0 ? nil : newValue }
    }

    public var timeoutSeconds: Int {
        get { json["timeoutSeconds"].number ?? 1 }
        set { json["timeoutSeconds"].number = newValue }
    }

    public var periodSeconds: Int {
        get { json["periodSeconds"].number ?? 10 }
        set { json["periodSeconds"].number = newValue }
    }

    public var successThreshold: Int {
        get { json["successThreshold"].number ?? 1 }
        set { json["successThreshold"].number = newValue }
    }

    public var failureThreshold: Int {
        get { json["failureThreshold"].number ?? 3 }
        set { json["failureThreshold"].number = newValue }
    }

    public var terminationGracePeriodSeconds: Int? {
        get { json["terminationGracePeriodSeconds"].number }
        set { json["terminationGracePeriodSeconds"].number = newValue }
    }
}
