import EdgeJSON

@testable import EdgeRuntime

/// An image of handmade layers, as blobs for a registry or as an archive.
struct TestImage {
    var layers: [[UInt8]] = []
    var config: [UInt8] = []
    var manifest: [UInt8] = []

    var configDigest: ImageDigest { .sha256(of: config) }
    var manifestDigest: ImageDigest { .sha256(of: manifest) }

    /// Uncompressed layers.
    init(_ layers: [[UInt8]], architecture: String = ImagePlatform.host.architecture, command: String = "sh")
    {
        self.layers = layers
        let diffIDs = layers.map { JSONValue.string(ImageDigest.sha256(of: $0).description) }
        config =
            ([
                "architecture": .string(architecture), "os": "linux",
                "config": ["Cmd": [.string(command)]],
                "rootfs": ["type": "layers", "diff_ids": .array(diffIDs)],
            ] as JSONValue).encoded
        manifest =
            ([
                "schemaVersion": 2, "mediaType": .string(MediaType.ociManifest),
                "config": Self.descriptor(config, "application/vnd.oci.image.config.v1+json"),
                "layers": .array(
                    layers.map { Self.descriptor($0, "application/vnd.oci.image.layer.v1.tar") }),
            ] as JSONValue).encoded
    }

    static func descriptor(_ bytes: [UInt8], _ type: String) -> JSONValue {
        [
            "mediaType": .string(type), "digest": .string(ImageDigest.sha256(of: bytes).description),
            "size": .int(Int64(bytes.count)),
        ]
    }

    /// A layer with one file.
    static func layer(_ name: String, _ content: String) -> [UInt8] {
        TarBuilder.build { $0.file(name, content) }
    }

    /// An OCI layout as a tar file, its manifests named by an annotation.
    static func archive(_ images: [(name: String, image: TestImage)]) -> [UInt8] {
        TarBuilder.build { tar in
            tar.file("oci-layout", #"{"imageLayoutVersion":"1.0.0"}"#)
            var manifests: [JSONValue] = []
            for (name, image) in images {
                var descriptor = descriptor(image.manifest, MediaType.ociManifest)
                descriptor["annotations"] = ["org.opencontainers.image.ref.name": .string(name)]
                manifests.append(descriptor)
                for blob in image.layers + [image.config, image.manifest] {
                    tar.file("blobs/sha256/\(ImageDigest.sha256(of: blob).hex)", blob)
                }
            }
            tar.file(
                "index.json", (["schemaVersion": 2, "manifests": .array(manifests)] as JSONValue).encoded)
        }
    }
}
