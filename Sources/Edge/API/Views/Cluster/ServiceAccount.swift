internal import EdgeJSON

/// The identity of pods.
public struct ServiceAccount: ObjectView {
    public static let resource = "serviceaccounts"
    public static let apiVersion = "v1"
    public static let kind = "ServiceAccount"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var secrets: [ObjectReference] {
        get { object.json["secrets"].views() }
        set { object.json["secrets"] = newValue.jsonValue }
    }

    public var imagePullSecrets: [NamedReference] {
        get { object.json["imagePullSecrets"].views() }
        set { object.json["imagePullSecrets"] = newValue.jsonValue }
    }

    public var automountServiceAccountToken: Bool? {
        get { object.json["automountServiceAccountToken"].optionalFlag }
        set { object.json["automountServiceAccountToken"].optionalFlag = newValue }
    }
}
