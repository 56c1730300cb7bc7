public import EdgeJSON

/// A container's security settings; what is nil here is taken from the pod's.
public struct SecurityContext: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var privileged: Bool? {
        get { json["privileged"].optionalFlag }
        set { json["privileged"].optionalFlag = newValue }
    }

    public var allowPrivilegeEscalation: Bool? {
        get { json["allowPrivilegeEscalation"].optionalFlag }
        set { json["allowPrivilegeEscalation"].optionalFlag = newValue }
    }

    public var readOnlyRootFilesystem: Bool? {
        get { json["readOnlyRootFilesystem"].optionalFlag }
        set { json["readOnlyRootFilesystem"].optionalFlag = newValue }
    }

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

    public var capabilities: Capabilities? {
        get { json["capabilities"].map(Capabilities.init) }
        set { json["capabilities"] = newValue?.json }
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

    public var procMount: String? {
        get { json["procMount"].optionalText }
        set { json["procMount"].optionalText = newValue }
    }
}

public struct Capabilities: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var add: [String] {
        get { json["add"].strings }
        set { json["add"].strings = newValue }
    }

    public var drop: [String] {
        get { json["drop"].strings }
        set { json["drop"].strings = newValue }
    }
}

public struct SecurityProfile: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    /// `RuntimeDefault`, `Unconfined` or `Localhost`.
    public var type: String {
        get { json["type"].text }
        set { json["type"].text = newValue }
    }

    public var localhostProfile: String? {
        get { json["localhostProfile"].optionalText }
        set { json["localhostProfile"].optionalText = newValue }
    }
}
