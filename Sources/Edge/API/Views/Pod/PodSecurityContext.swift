public import EdgeJSON

/// Security settings that hold for all containers of a pod.
public struct PodSecurityContext: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var runAsUser: Int? {
        get { json["runAsUser"].number }
        set { json["runAsUser"].number = newValue }
    }

    public var runAsGroup: Int? {
        get { json["runAsGroup"].number }
        set { json["runAsGroup"].number = newValue }
    }

    public var runAsNonRoot: Bool? {
        get { json["runAsNonRoot"].optionalFlag }
        set { json["runAsNonRoot"].optionalFlag = newValue }
    }

    public var fsGroup: Int? {
        get { json["fsGroup"].number }
        set { json["fsGroup"].number = newValue }
    }

    public var fsGroupChangePolicy: String? {
        get { json["fsGroupChangePolicy"].optionalText }
        set { json["fsGroupChangePolicy"].optionalText = newValue }
    }

    public var supplementalGroupsPolicy: String? {
        get { json["supplementalGroupsPolicy"].optionalText }
        set { json["supplementalGroupsPolicy"].optionalText = newValue }
    }

    public var seccompProfile: SecurityProfile? {
        get { json["seccompProfile"].map(SecurityProfile.init) }
        set { json["seccompProfile"] = newValue?.json }
    }

    public var appArmorProfile: SecurityProfile? {
        get { json["appArmorProfile"].map(SecurityProfile.init) }
        set { json["appArmorProfile"] = newValue?.json }
    }

    public var seLinuxOptions: JSONValue? {
        get { json["seLinuxOptions"] }
        set { json["seLinuxOptions"] = newValue }
    }

    public var sysctls: [Sysctl] {
        get { json["sysctls"].views() }
        set { json["sysctls"] = newValue.jsonValue }
    }
}

public struct Sysctl: JSONView {
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
