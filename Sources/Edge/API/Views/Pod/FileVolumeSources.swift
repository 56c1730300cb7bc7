public import EdgeJSON

public struct ConfigMapVolumeSource: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }

    public var items: [KeyToPath] {
        get { json["items"].views() }
        set { json["items"] = newValue.jsonValue }
    }

    public var defaultMode: Int {
        get { json["defaultMode"].number ?? 420 }
        set { json["defaultMode"].number = newValue }
    }

    public var optional: Bool {
        get { json["optional"].flag }
        set { json["optional"].flag = newValue }
    }
}

public struct SecretVolumeSource: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var secretName: String {
        get { json["secretName"].text }
        set { json["secretName"].text = newValue }
    }

    public var items: [KeyToPath] {
        get { json["items"].views() }
        set { json["items"] = newValue.jsonValue }
    }

    public var defaultMode: Int {
        get { json["defaultMode"].number ?? 420 }
        set { json["defaultMode"].number = newValue }
    }

    public var optional: Bool {
        get { json["optional"].flag }
        set { json["optional"].flag = newValue }
    }
}

public struct KeyToPath: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var key: String {
        get { json["key"].text }
        set { json["key"].text = newValue }
    }

    public var path: String {
        get { json["path"].text }
        set { json["path"].text = newValue }
    }

    public var mode: Int? {
        get { json["mode"].number }
        set { json["mode"].number = newValue }
    }
}

public struct DownwardAPIVolumeSource: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var items: [DownwardAPIVolumeFile] {
        get { json["items"].views() }
        set { json["items"] = newValue.jsonValue }
    }

    public var defaultMode: Int {
        get { json["defaultMode"].number ?? 420 }
        set { json["defaultMode"].number = newValue }
    }
}

public struct DownwardAPIVolumeFile: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var path: String {
        get { json["path"].text }
        set { json["path"].text = newValue }
    }

    public var fieldRef: ObjectFieldSelector? {
        get { json["fieldRef"].map(ObjectFieldSelector.init) }
        set { json["fieldRef"] = newValue?.json }
    }

    public var resourceFieldRef: ResourceFieldSelector? {
        get { json["resourceFieldRef"].map(ResourceFieldSelector.init) }
        set { json["resourceFieldRef"] = newValue?.json }
    }

    public var mode: Int? {
        get { json["mode"].number }
        set { json["mode"].number = newValue }
    }
}

public struct ProjectedVolumeSource: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var sources: [VolumeProjection] {
        get { json["sources"].views() }
        set { json["sources"] = newValue.jsonValue }
    }

    public var defaultMode: Int {
        get { json["defaultMode"].number ?? 420 }
        set { json["defaultMode"].number = newValue }
    }
}

/// One part of a projected volume; exactly one is set.
public struct VolumeProjection: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var secret: NamedItemsProjection? {
        get { json["secret"].map(NamedItemsProjection.init) }
        set { json["secret"] = newValue?.json }
    }

    public var configMap: NamedItemsProjection? {
        get { json["configMap"].map(NamedItemsProjection.init) }
        set { json["configMap"] = newValue?.json }
    }

    public var downwardAPI: DownwardAPIVolumeSource? {
        get { json["downwardAPI"].map(DownwardAPIVolumeSource.init) }
        set { json["downwardAPI"] = newValue?.json }
    }

    public var serviceAccountToken: ServiceAccountTokenProjection? {
        get { json["serviceAccountToken"].map(ServiceAccountTokenProjection.init) }
        set { json["serviceAccountToken"] = newValue?.json }
    }

    public var clusterTrustBundle: JSONValue? {
        get { json["clusterTrustBundle"] }
        set { json["clusterTrustBundle"] = newValue }
    }

    public var podCertificate: JSONValue? {
        get { json["podCertificate"] }
        set { json["podCertificate"] = newValue }
    }
}

/// Keys of a ConfigMap or Secret as files.
public struct NamedItemsProjection: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }

    public var items: [KeyToPath] {
        get { json["items"].views() }
        set { json["items"] = newValue.jsonValue }
    }

    public var optional: Bool {
        get { json["optional"].flag }
        set { json["optional"].flag = newValue }
    }
}

public struct ServiceAccountTokenProjection: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var audience: String {
        get { json["audience"].text }
        set { json["audience"].text = newValue }
    }

    public var expirationSeconds: Int {
        get { json["expirationSeconds"].number ?? 3600 }
        set { json["expirationSeconds"].number = newValue }
    }

    public var path: String {
        get { json["path"].text }
        set { json["path"].text = newValue }
    }
}
