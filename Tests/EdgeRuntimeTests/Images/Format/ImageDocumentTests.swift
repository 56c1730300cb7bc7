import EdgeJSON
import Testing

@testable import EdgeRuntime

@Suite struct ImageDocumentTests {
    @Test func readsConfig() throws {
        let config = try ImageConfig(
            parsing: Array(
                """
                {"architecture":"arm64","variant":"v8","os":"linux","created":"2024-01-02T03:04:05Z",
                 "config":{"User":"app:staff","ExposedPorts":{"8080/tcp":{},"53/udp":{}},"Env":["A=b","C="],
                   "Entrypoint":["/run"],"Cmd":["-x"],"Volumes":{"/data":{}},"WorkingDir":"/srv",
                   "Labels":{"k":"v"},"StopSignal":"SIGQUIT"},
                 "rootfs":{"type":"layers","diff_ids":["sha256:\(String(repeating: "a", count: 64))"]}}
                """.utf8))
        #expect(config.platform.description == "linux/arm64/v8")
        #expect(config.entrypoint == ["/run"] && config.command == ["-x"])
        #expect(config.environment == ["A=b", "C="])
        #expect(config.user == "app:staff" && config.workingDirectory == "/srv")
        #expect(config.exposedPorts == ["53/udp", "8080/tcp"] && config.volumes == ["/data"])
        #expect(config.stopSignal == "SIGQUIT" && config.labels == ["k": "v"])
        #expect(config.diffIDs.count == 1)
    }

    @Test func readsSparseConfig() throws {
        let config = try ImageConfig(parsing: Array(#"{"config":{"Entrypoint":null,"Env":null}}"#.utf8))
        #expect(config == ImageConfig.empty)
        for bad in ["[]", "x", #"{"rootfs":{"diff_ids":["sha256:1"]}}"#] {
            #expect(throws: ImageError.self) { try ImageConfig(parsing: Array(bad.utf8)) }
        }
    }

    @Test func chainIDs() throws {
        let ids = ["a", "b", "c"].map { ImageDigest.sha256(of: $0.utf8) }
        let chain = ImageConfig.chainIDs(of: ids)
        #expect(chain[0] == ids[0])
        #expect(chain[1] == .sha256(of: "\(ids[0]) \(ids[1])".utf8))
        #expect(chain[2] == .sha256(of: "\(chain[1]) \(ids[2])".utf8))
    }

    private static let platforms: [(String, [String], String?)] = [
        ("amd64", ["arm64", "amd64", "386"], "amd64"), ("amd64", ["arm64", "386"], "386"),
        ("amd64", ["arm64"], nil),
        ("amd64", ["amd64/v3", "amd64/v1"], "amd64/v1"), ("amd64", ["amd64/v3"], nil),
        ("arm64", ["arm/v7", "arm64/v8"], "arm64/v8"), ("arm64", ["arm64", "arm64/v9"], "arm64"),
        ("arm64", ["arm/v6", "arm/v7", "amd64"], "arm/v7"), ("arm64", ["arm"], "arm"),
        ("arm64", ["aarch64"], "aarch64"), ("amd64", ["windows:amd64", "amd64"], "amd64"),
        ("amd64", ["?", "amd64"], "amd64"),
        ("amd64", ["arm64", "?"], "?"),
    ]

    @Test(arguments: platforms)
    func choosesPlatform(_ host: String, _ offered: [String], _ expected: String?) {
        let descriptors = offered.map { text in
            var descriptor = BlobDescriptor(
                mediaType: MediaType.ociManifest, digest: .sha256(of: text.utf8), size: 1)
            let parts = text.split(separator: ":").last?.split(separator: "/").map(String.init) ?? []
            if text != "?" {
                descriptor.platform = ImagePlatform(
                    os: text.hasPrefix("windows") ? "windows" : "linux", architecture: parts[0],
                    variant: parts.count > 1 ? parts[1] : "")
            }
            return descriptor
        }
        let platform = ImagePlatform(os: "linux", architecture: host, variant: host == "arm64" ? "v8" : "")
        let chosen = ManifestDocument.choose(descriptors, for: platform)
        #expect(chosen?.digest == expected.map { .sha256(of: $0.utf8) })
    }

    private static let digest = "sha256:" + String(repeating: "0", count: 64)

    private static let badManifests: [(String, String)] = [
        ("{", "is not JSON"), ("{}", "unsupported manifest media type"), (#"{"layers":[]}"#, "has no config"),
        (#"{"schemaVersion":1}"#, "no longer supported"),
        (#"{"layers":[],"manifests":[]}"#, "a manifest and an index"),
        (#"{"layers":[],"config":{"digest":"x","size":1}}"#, "no valid digest"),
        (#"{"layers":[],"config":{"digest":"DIGEST","size":-1}}"#, "no valid size"),
        (
            #"{"layers":[],"config":{"digest":"DIGEST","size":1,"mediaType":"application/vnd.cncf.helm.config.v1+json"}}"#,
            "not that of a container image"
        ),
        (
            #"{"layers":[{"digest":"DIGEST","size":1,"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip+encrypted"}],"config":{"digest":"DIGEST","size":1,"mediaType":"application/vnd.oci.image.config.v1+json"}}"#,
            "not that of a file system layer"
        ),
    ]

    @Test(arguments: badManifests)
    func refusesManifests(_ text: String, _ cause: String) {
        let json = text.split(separator: "DIGEST", omittingEmptySubsequences: false).joined(
            separator: Self.digest)
        let error = #expect(throws: ImageError.self) {
            try ManifestDocument(Array(json.utf8), mediaType: "")
        }
        #expect(error?.description.contains(cause) == true, "\(error.map(String.init(describing:)) ?? "")")
    }
}

extension ImageConfig {
    /// What a config without content says.
    fileprivate static var empty: ImageConfig {
        var config = ImageConfig()
        config.platform = ImagePlatform(os: "", architecture: "")
        return config
    }
}
