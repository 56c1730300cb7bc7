public import EdgeBase
public import EdgeJSON

public struct ContainerStatus: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }

    public var state: ContainerState {
        get { ContainerState(json["state"] ?? .object(JSONObject())) }
        set { json["state"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var lastState: ContainerState {
        get { ContainerState(json["lastState"] ?? .object(JSONObject())) }
        set { json["lastState"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var ready: Bool {
        get { json["ready"].flag }
        set { json["ready"].optionalFlag = newValue }
    }

    public var restartCount: Int {
        get { json["restartCount"].number ?? 0 }
        set { json["restartCount"].number = newValue }
    }

    public var image: String {
        get { json["image"].text }
        set { json["image"].optionalText = newValue }
    }

    public var imageID: String {
        get { json["imageID"].text }
        set { json["imageID"].optionalText = newValue }
    }

    public var containerID: String {
        get { json["containerID"].text }
        set { json["containerID"].text = newValue }
    }

    public var started: Bool? {
        get { json["started"].optionalFlag }
        set { json["started"].optionalFlag = newValue }
    }

    public var allocatedResources: [String: Quantity] {
        get { json["allocatedResources"].quantities }
        set { json["allocatedResources"].quantities = newValue }
    }

    public var resources: ResourceRequirements? {
        get { json["resources"].map(ResourceRequirements.init) }
        set { json["resources"] = newValue?.json }
    }

    public var user: JSONValue? {
        get { json["user"] }
        set { json["user"] = newValue }
    }

    public var volumeMounts: JSONValue? {
        get { json["volumeMounts"] }
        set { json["volumeMounts"] = newValue }
    }
}

/// At most one is set; none means waiting.
public struct ContainerState: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var waiting: ContainerStateWaiting? {
        get { json["waiting"].map(ContainerStateWaiting.init) }
        set { json["waiting"] = newValue?.json }
    }

    public var running: ContainerStateRunning? {
        get { json["running"].map(ContainerStateRunning.init) }
        set { json["running"] = newValue?.json }
    }

    public var terminated: ContainerStateTerminated? {
        get { json["terminated"].map(ContainerStateTerminated.init) }
        set { json["terminated"] = newValue?.json }
    }
}

public struct ContainerStateWaiting: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var reason: String {
        get { json["reason"].text }
        set { json["reason"].text = newValue }
    }

    public var message: String {
        get { json["message"].text }
        set { json["message"].text = newValue }
    }
}

public struct ContainerStateRunning: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var startedAt: Timestamp? {
        get { json["startedAt"].time }
        set { json["startedAt"].time = newValue }
    }
}

public struct ContainerStateTerminated: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var exitCode: Int {
        get { json["exitCode"].number ?? 0 }
        set { json["exitCode"].number = newValue }
    }

    public var signal: Int {
        get { json["signal"].number ?? 0 }
        set { json["signal"].number = newValue == 0 ? nil : newValue }
    }

    public var reason: String {
        get { json["reason"].text }
        set { json["reason"].text = newValue }
    }

    public var message: String {
        get { json["message"].text }
        set { json["message"].text = newValue }
    }

    public var startedAt: Timestamp? {
        get { json["startedAt"].time }
        set { json["startedAt"].time = newValue }
    }

    public var finishedAt: Timestamp? {
        get { json["finishedAt"].time }
        set { json["finishedAt"].time = newValue }
    }

    public var containerID: String {
        get { json["containerID"].text }
        set { json["containerID"].text = newValue }
    }
}
