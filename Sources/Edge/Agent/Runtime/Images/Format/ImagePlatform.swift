internal import EdgeJSON

/// What an image variant runs on: Go's names of operating system and architecture.
public struct ImagePlatform: Hashable, Sendable, CustomStringConvertible {
    public var os: String
    public var architecture: String
    /// `v8`, `v7`, ...; empty where none is written.
    public var variant: String

    public init(os: String, architecture: String, variant: String = "") {
        self.os = os
        self.architecture = architecture
        self.variant = variant
    }

    init(_ value: JSONValue) {
        os = value["os"]?.string ?? ""
        architecture = value["architecture"]?.string ?? ""
        variant = value["variant"]?.string ?? ""
    }

    public var description: String {
        "\(os)/\(architecture)" + (variant.isEmpty ? "" : "/\(variant)")
    }

    /// The host's own.
    public static var host: ImagePlatform {
        #if arch(arm64)
        ImagePlatform(os: "linux", architecture: "arm64", variant: "v8")
        #else
        ImagePlatform(os: "linux", architecture: "amd64")
        #endif
    }

    /// How well a variant suits this host: 0 is best, nil is not at all. As in containerd, 64-bit hosts also
    /// take 32-bit images where nothing better is offered.
    func rank(of candidate: ImagePlatform) -> Int? {
        guard candidate.os == os || candidate.os.isEmpty else { return nil }
        let order = candidateOrder
        return order.firstIndex(of: candidate.canonical)
    }

    private var candidateOrder: [ImagePlatform] {
        func linux(_ architecture: String, _ variants: [String]) -> [ImagePlatform] {
            variants.map { ImagePlatform(os: os, architecture: architecture, variant: $0) }
        }
        switch architecture {
        case "amd64": return linux("amd64", [""]) + linux("386", [""])
        case "arm64": return linux("arm64", [""]) + linux("arm", ["v8", "v7", "v6", "v5"])
        default: return linux(architecture, [variant])
        }
    }

    /// Without the variants that are the default of their architecture.
    private var canonical: ImagePlatform {
        var platform = self
        if platform.os.isEmpty { platform.os = "linux" }
        switch (architecture, variant) {
        case ("x86_64", _), ("x86-64", _): platform.architecture = "amd64"
        case ("aarch64", _): platform.architecture = "arm64"
        default: break
        }
        switch (platform.architecture, variant) {
        case ("amd64", "v1"), ("arm64", "v8"), ("arm64", "8"): platform.variant = ""
        case ("arm", ""): platform.variant = "v7"
        case ("arm", "5"), ("arm", "6"), ("arm", "7"), ("arm", "8"): platform.variant = "v" + variant
        default: break
        }
        return platform
    }
}
