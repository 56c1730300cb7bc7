public import EdgeBase
public import EdgeJSON

public struct PodStatus: ConditionHolder {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
    public var phase: String {
        get { json["phase"].text }
        set { json["phase"].text = newValue }
    }

    public var reason: String {
        get { json["reason"].text }
        set { json["reason"].text = newValue }
    }

    public var message: String {
        get { json["message"].text }
        set { json["message"].text = newValue }
    }

    public var hostIP: String {
        get { json["hostIP"].text }
        set { json["hostIP"].text = newValue }
    }

    public var hostIPs: [PodIP] {
        get { json["hostIPs"].views() }
        set { json["hostIPs"] = newValue.jsonValue }
    }

    public var podIP: String {
        get { json["podIP"].text }
        set { json["podIP"].text = newValue }
    }

    public var podIPs: [PodIP] {
        get { json["podIPs"].views() }
        set { json["podIPs"] = newValue.jsonValue }
    }

    public var startTime: Timestamp? {
        get { json["startTime"].time }
        set { json["startTime"].time = newValue }
    }

    public var nominatedNodeName: String {
        get { json["nominatedNodeName"].text }
        set { json["nominatedNodeName"].text = newValue }
    }

    public var qosClass: String {
        get { json["qosClass"].text }
        set { json["qosClass"].text = newValue }
    }

    public var observedGeneration: Int? {
        get { json["observedGeneration"].number }
        set { json["observedGeneration"].number = newValue }
    }

    public var initContainerStatuses: [ContainerStatus] {
        get { json["initContainerStatuses"].views() }
        set { json["initContainerStatuses"] = newValue.jsonValue }
    }

    public var containerStatuses: [ContainerStatus] {
        get { json["containerStatuses"].views() }
        set { json["containerStatuses"] = newValue.jsonValue }
    }

    public var ephemeralContainerStatuses: [ContainerStatus] {
        get { json["ephemeralContainerStatuses"].views() }
        set { json["ephemeralContainerStatuses"] = newValue.jsonValue }
    }

    public var resize: String {
        get { json["resize"].text }
        set { json["resize"].text = newValue }
    }
}

public struct PodIP: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var ip: String {
        get { json["ip"].text }
        set { json["ip"].text = newValue }
    }
}
