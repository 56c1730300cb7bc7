public import EdgeJSON

public struct NodeStatus: ConditionHolder {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var capacity: [String: Quantity] {
        get { json["capacity"].quantities }
        set { json["capacity"].quantities = newValue }
    }

    public var allocatable: [String: Quantity] {
        get { json["allocatable"].quantities }
        set { json["allocatable"].quantities = newValue }
    }

    public var phase: String {
        get { json["phase"].text }
        set { json["phase"].text = newValue }
    }

    public var addresses: [NodeAddress] {
        get { json["addresses"].views() }
        set { json["addresses"] = newValue.jsonValue }
    }

    public var nodeInfo: NodeSystemInfo {
        get { NodeSystemInfo(json["nodeInfo"] ?? .object(JSONObject())) }
        set { json["nodeInfo"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var images: [ContainerImage] {
        get { json["images"].views() }
        set { json["images"] = newValue.jsonValue }
    }

    public var daemonEndpoints: JSONValue? {
        get { json["daemonEndpoints"] }
        set { json["daemonEndpoints"] = newValue }
    }

    public var volumesInUse: [String] {
        get { json["volumesInUse"].strings }
        set { json["volumesInUse"].strings = newValue }
    }

    public var volumesAttached: JSONValue? {
        get { json["volumesAttached"] }
        set { json["volumesAttached"] = newValue }
    }

    public var features: JSONValue? {
        get { json["features"] }
        set { json["features"] = newValue }
    }

    public var runtimeHandlers: JSONValue? {
        get { json["runtimeHandlers"] }
        set { json["runtimeHandlers"] = newValue }
    }
}

public struct NodeAddress: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    /// `Hostname`, `InternalIP`, `ExternalIP`, ...
    public var type: String {
        get { json["type"].text }
        set { json["type"].text = newValue }
    }

    public var address: String {
        get { json["address"].text }
        set { json["address"].text = newValue }
    }
}

public struct ContainerImage: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var names: [String] {
        get { json["names"].strings }
        set { json["names"].strings = newValue }
    }

    public var sizeBytes: Int {
        get { json["sizeBytes"].number ?? 0 }
        set { json["sizeBytes"].number = newValue == 0 ? nil : newValue }
    }
}

public struct NodeSystemInfo: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var machineID: String {
        get { json["machineID"].text }
        set { json["machineID"].text = newValue }
    }

    public var systemUUID: String {
        get { json["systemUUID"].text }
        set { json["systemUUID"].text = newValue }
    }

    public var bootID: String {
        get { json["bootID"].text }
        set { json["bootID"].text = newValue }
    }

    public var kernelVersion: String {
        get { json["kernelVersion"].text }
        set { json["kernelVersion"].text = newValue }
    }

    public var osImage: String {
        get { json["osImage"].text }
        set { json["osImage"].text = newValue }
    }

    public var containerRuntimeVersion: String {
        get { json["containerRuntimeVersion"].text }
        set { json["containerRuntimeVersion"].text = newValue }
    }

    public var kubeletVersion: String {
        get { json["kubeletVersion"].text }
        set { json["kubeletVersion"].text = newValue }
    }

    public var kubeProxyVersion: String {
        get { json["kubeProxyVersion"].text }
        set { json["kubeProxyVersion"].text = newValue }
    }

    public var operatingSystem: String {
        get { json["operatingSystem"].text }
        set { json["operatingSystem"].text = newValue }
    }

    public var architecture: String {
        get { json["architecture"].text }
        set { json["architecture"].text = newValue }
    }
}
