public import EdgeJSON

public struct PodDNSConfig: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var nameservers: [String] {
        get { json["nameservers"].strings }
        set { json["nameservers"].strings = newValue }
    }

    public var searches: [String] {
        get { json["searches"].strings }
        set { json["searches"].strings = newValue }
    }

    public var options: [PodDNSOption] {
        get { json["options"].views() }
        set { json["options"] = newValue.jsonValue }
    }
}

public struct PodDNSOption: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }

    public var value: String? {
        get { json["value"].optionalText }
        set { json["value"].optionalText = newValue }
    }
}

/// A line of the pod's `/etc/hosts`.
public struct HostAlias: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var ip: String {
        get { json["ip"].text }
        set { json["ip"].text = newValue }
    }

    public var hostnames: [String] {
        get { json["hostnames"].strings }
        set { json["hostnames"].strings = newValue }
    }
}
