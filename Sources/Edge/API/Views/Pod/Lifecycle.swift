public import EdgeJSON

public struct Lifecycle: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var postStart: LifecycleHandler? {
        get { json["postStart"].map(LifecycleHandler.init) }
        set { json["postStart"] = newValue?.json }
    }

    public var preStop: LifecycleHandler? {
        get { json["preStop"].map(LifecycleHandler.init) }
        set { json["preStop"] = newValue?.json }
    }

    public var stopSignal: String? {
        get { json["stopSignal"].optionalText }
        set { json["stopSignal"].optionalText = newValue }
    }
}

public struct LifecycleHandler: JSONView {
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

    public var sleep: SleepAction? {
        get { json["sleep"].map(SleepAction.init) }
        set { json["sleep"] = newValue?.json }
    }
}
