internal import EdgeAPI

/// One object of a file, as it stands there.
struct Manifest: Sendable {
    var object: APIObject
    /// The file's path, or `STDIN`.
    let source: String
}
