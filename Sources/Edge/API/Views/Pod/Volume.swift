public import EdgeJSON

/// A volume of a pod; exactly one source is set.
public struct Volume: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }

    public var emptyDir: EmptyDirVolumeSource? {
        get { json["emptyDir"].map(EmptyDirVolumeSource.init) }
        set { json["emptyDir"] = newValue?.json }
    }

    public var hostPath: HostPathVolumeSource? {
        get { json["hostPath"].map(HostPathVolumeSource.init) }
        set { json["hostPath"] = newValue?.json }
    }

    public var configMap: ConfigMapVolumeSource? {
        get { json["configMap"].map(ConfigMapVolumeSource.init) }
        set { json["configMap"] = newValue?.json }
    }

    public var secret: SecretVolumeSource? {
        get { json["secret"].map(SecretVolumeSource.init) }
        set { json["secret"] = newValue?.json }
    }

    public var downwardAPI: DownwardAPIVolumeSource? {
        get { json["downwardAPI"].map(DownwardAPIVolumeSource.init) }
        set { json["downwardAPI"] = newValue?.json }
    }

    public var projected: ProjectedVolumeSource? {
        get { json["projected"].map(ProjectedVolumeSource.init) }
        set { json["projected"] = newValue?.json }
    }

    public var persistentVolumeClaim: PersistentVolumeClaimVolumeSource? {
        get { json["persistentVolumeClaim"].map(PersistentVolumeClaimVolumeSource.init) }
        set { json["persistentVolumeClaim"] = newValue?.json }
    }

    public var nfs: NFSVolumeSource? {
        get { json["nfs"].map(NFSVolumeSource.init) }
        set { json["nfs"] = newValue?.json }
    }

    public var csi: CSIVolumeSource? {
        get { json["csi"].map(CSIVolumeSource.init) }
        set { json["csi"] = newValue?.json }
    }

    public var ephemeral: EphemeralVolumeSource? {
        get { json["ephemeral"].map(EphemeralVolumeSource.init) }
        set { json["ephemeral"] = newValue?.json }
    }

    public var image: ImageVolumeSource? {
        get { json["image"].map(ImageVolumeSource.init) }
        set { json["image"] = newValue?.json }
    }
}
