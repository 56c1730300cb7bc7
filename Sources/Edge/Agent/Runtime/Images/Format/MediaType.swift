/// The media types of manifests, configurations and layers (OCI image-spec `media-types.md`, Docker image
/// manifest v2 schema 2).
enum MediaType {
    static let ociIndex = "application/vnd.oci.image.index.v1+json"
    static let ociManifest = "application/vnd.oci.image.manifest.v1+json"
    static let dockerList = "application/vnd.docker.distribution.manifest.list.v2+json"
    static let dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"

    /// What edge asks registries for.
    static let accepted = [dockerManifest, dockerList, ociManifest, ociIndex]

    static let configurations: Set = [
        "application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json",
    ]

    static func isIndex(_ type: String) -> Bool { type == ociIndex || type == dockerList }

    static func isManifest(_ type: String) -> Bool { type == ociManifest || type == dockerManifest }

    /// Schema 1 carried its layers' configurations in the manifest; registries stopped serving it in 2022.
    static func isSchema1(_ type: String) -> Bool {
        type.hasPrefix("application/vnd.docker.distribution.manifest.v1")
    }

    /// Whether a descriptor is a file system layer as a tar archive. The compression is told by the bytes.
    static func isLayer(_ type: String) -> Bool {
        guard !type.hasSuffix("+encrypted") else { return false }
        return type.hasPrefix("application/vnd.oci.image.layer.v1.tar")
            || type.hasPrefix("application/vnd.oci.image.layer.nondistributable.v1.tar")
            || type.hasPrefix("application/vnd.docker.image.rootfs.diff.tar")
            || type.hasPrefix("application/vnd.docker.image.rootfs.foreign.diff.tar")
    }
}
