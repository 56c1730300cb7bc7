/// A path within a layer: plain components below its root, never `.` or `..`.
struct LayerPath: Hashable, CustomStringConvertible {
    /// Each ends with a zero, ready for system calls.
    var components: [[CChar]]

    static let maximumDepth = 200
    static let maximumBytes = 4095
    static let maximumComponentBytes = 255

    init(components: [[CChar]]) {
        self.components = components
    }

    /// From an archive's name. A leading `/` means the layer's root, as in containerd (Nix writes such images);
    /// `..` is refused.
    init(parsing name: [UInt8]) throws(ImageError) {
        guard name.count <= Self.maximumBytes else {
            throw ImageError(.invalidContent, "name of \(name.count) bytes in the layer is too long")
        }
        components = []
        for part in name.split(separator: UInt8(ascii: "/")) {
            if part.elementsEqual(".".utf8) { continue }
            guard !part.elementsEqual("..".utf8) else {
                throw ImageError(
                    .invalidContent,
                    "path \"\(Self.text(name))\" in the layer leads out of its root")
            }
            guard part.count <= Self.maximumComponentBytes else {
                throw ImageError(
                    .invalidContent, "name of \(part.count) bytes in the layer is too long")
            }
            guard !part.contains(0) else {
                throw ImageError(.invalidContent, "name in the layer contains a zero byte")
            }
            components.append(part.map(CChar.init(bitPattern:)) + [0])
        }
        guard components.count <= Self.maximumDepth else {
            throw ImageError(
                .invalidContent, "path of \(components.count) components in the layer is too deep")
        }
    }

    var isRoot: Bool { components.isEmpty }

    var parent: LayerPath { LayerPath(components: components.dropLast()) }

    /// The last component, with its zero; nil for the root.
    var name: [CChar]? { components.last }

    func appending(_ name: [CChar]) -> LayerPath {
        LayerPath(components: components + [name])
    }

    func starts(with prefix: LayerPath) -> Bool {
        components.starts(with: prefix.components)
    }

    private static func text(_ name: [UInt8]) -> String {
        String(decoding: name.prefix(200), as: UTF8.self)
    }

    var description: String {
        components.map { String(decoding: $0.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self) }
            .joined(separator: "/")
    }
}
