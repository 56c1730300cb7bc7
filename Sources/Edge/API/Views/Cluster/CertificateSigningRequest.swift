public import EdgeJSON

/// A request for a certificate.
public struct CertificateSigningRequest: ObjectView {
    public static let resource = "certificatesigningrequests.certificates.k8s.io"
    public static let apiVersion = "certificates.k8s.io/v1"
    public static let kind = "CertificateSigningRequest"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var spec: CertificateSigningRequestSpec {
        get { CertificateSigningRequestSpec(object.json["spec"] ?? .object(JSONObject())) }
        set { object.json["spec"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var status: CertificateSigningRequestStatus {
        get { CertificateSigningRequestStatus(object.json["status"] ?? .object(JSONObject())) }
        set { object.json["status"] = newValue.isEmpty ? nil : newValue.json }
    }
}

public struct CertificateSigningRequestSpec: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    /// PEM, in Base64.
    public var request: String {
        get { json["request"].text }
        set { json["request"].text = newValue }
    }

    public var signerName: String {
        get { json["signerName"].text }
        set { json["signerName"].text = newValue }
    }

    public var expirationSeconds: Int? {
        get { json["expirationSeconds"].number }
        set { json["expirationSeconds"].number = newValue }
    }

    public var usages: [String] {
        get { json["usages"].strings }
        set { json["usages"].strings = newValue }
    }

    public var username: String {
        get { json["username"].text }
        set { json["username"].text = newValue }
    }

    public var uid: String {
        get { json["uid"].text }
        set { json["uid"].text = newValue }
    }

    public var groups: [String] {
        get { json["groups"].strings }
        set { json["groups"].strings = newValue }
    }

    public var extra: JSONValue? {
        get { json["extra"] }
        set { json["extra"] = newValue }
    }
}

public struct CertificateSigningRequestStatus: ConditionHolder {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    /// PEM, in Base64.
    public var certificate: String {
        get { json["certificate"].text }
        set { json["certificate"].text = newValue }
    }
}
