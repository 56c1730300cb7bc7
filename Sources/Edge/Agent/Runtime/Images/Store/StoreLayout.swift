/// Where things lie beneath `<data-dir>/agent/images-store`:
///
///     lock                       held by the running process
///     images/<config hex>.json   one record per image: names, manifests, layers, times, pin
///     blobs/<algorithm>/<hex>    manifests, indexes and configs: small JSON only
///     layers/<number>/fs         a layer in the form of an overlayfs lower directory
///     layers/<number>/layer.json its diff id and what belongs to it
///     empty/                     the lower directory of an image without layers
///     ingest/<number>/           layers being unpacked or removed; emptied at start
///     imports.json               which files of the import directory were imported already
///
/// Compressed layers are not kept: they would double the space on a small card, and nothing exports images.
/// Whatever is in `images` and `layers` was complete on the disk before it got its name there.
struct StoreLayout: Sendable {
    let root: String

    var lock: String { root + "/lock" }
    var images: String { root + "/images" }
    var blobs: String { root + "/blobs" }
    var layers: String { root + "/layers" }
    var empty: String { root + "/empty" }
    var ingest: String { root + "/ingest" }
    var imports: String { root + "/imports.json" }

    func image(_ id: ImageDigest) -> String { "\(images)/\(id.hex).json" }
    func blob(_ digest: ImageDigest) -> String { "\(blobs)/\(digest.algorithm.rawValue)/\(digest.hex)" }
    func layer(_ number: Int) -> String { "\(layers)/\(number)" }
    func layerTree(_ number: Int) -> String { "\(layers)/\(number)/fs" }
    func layerRecord(_ number: Int) -> String { "\(layers)/\(number)/layer.json" }
    func staging(_ number: Int) -> String { "\(ingest)/\(number)" }

    func make() throws {
        try ImageFile.makeDirectories(root)
        for path in [images, blobs, layers, ingest] { try ImageFile.makeDirectory(path) }
        for algorithm in [ImageDigest.Algorithm.sha256, .sha512] {
            try ImageFile.makeDirectory("\(blobs)/\(algorithm.rawValue)")
        }
        try ImageFile.makeDirectory(empty, mode: 0o755)
    }
}
