/// Which edge this is, and which Kubernetes it speaks.
enum EdgeVersion {
    static let edge = "0.1.0"
    static let kubernetes = "1.36.0"
    /// As `/version` and nodes say it.
    static let git = "v\(kubernetes)+edge.\(edge)"

    static var architecture: String {
        #if arch(arm64)
        "arm64"
        #else
        "amd64"
        #endif
    }

    static var platform: String { "linux/\(architecture)" }
}
