internal import EdgeAPI
internal import EdgeJSON

/// Reads manifests from files, directories and standard input; Lists come apart into their items.
struct ManifestReader {
    let environment: KubectlEnvironment

    private static let extensions = [".json", ".yaml", ".yml"]

    func read(_ filenames: [String], recursive: Bool) async throws -> [Manifest] {
        var manifests: [Manifest] = []
        for filename in filenames {
            if filename == "-" {
                manifests += try Self.parse(try await environment.input.readAll(), source: "STDIN")
                continue
            }
            if filename.hasPrefix("http://") || filename.hasPrefix("https://") {
                throw KubectlError.unsupported("reading manifests from a URL (\(filename))")
            }
            for path in try Self.expand(filename, recursive: recursive) {
                manifests += try Self.parse(try HostFiles.read(path), source: path)
            }
        }
        return manifests
    }

    /// The files that a path stands for.
    private static func expand(_ path: String, recursive: Bool) throws -> [String] {
        guard HostFiles.exists(path) else { throw KubectlError("the path \(goQuoted(path)) does not exist") }
        guard HostFiles.isDirectory(path) else { return [path] }
        let files = try HostFiles.list(path, recursive: recursive).filter { file in
            extensions.contains { file.hasSuffix($0) }
        }
        guard !files.isEmpty else {
            throw KubectlError(
                "error reading [\(path)]: recognized file extensions are \(goList(extensions))")
        }
        return files
    }

    static func parse(_ bytes: [UInt8], source: String) throws -> [Manifest] {
        let values: [JSONValue]
        do {
            values = try documents(bytes)
        } catch {
            throw KubectlError("error parsing \(source): \(error)")
        }
        var manifests: [Manifest] = []
        for value in values where !value.isNull && value.object?.isEmpty != true {
            try append(value, source, to: &manifests)
        }
        return manifests
    }

    /// JSON values one after the other, or YAML documents.
    private static func documents(_ bytes: [UInt8]) throws -> [JSONValue] {
        let first = bytes.first { $0 != 0x20 && $0 != 0x0a && $0 != 0x0d && $0 != 0x09 }
        if first == UInt8(ascii: "{"), let value = try? JSONParser.parse(bytes) { return [value] }
        do {
            return try YAML.parse(bytes)
        } catch {
            throw KubectlError("error converting YAML to JSON: \(error)")
        }
    }

    private static func append(_ value: JSONValue, _ source: String, to manifests: inout [Manifest]) throws {
        guard let object = APIObject(value) else {
            throw KubectlError("unable to decode \(goQuoted(source)): the document is no mapping")
        }
        for (member, name) in [("kind", "Kind"), ("apiVersion", "apiVersion")]
        where (value[member]?.string ?? "").isEmpty {
            if member == "apiVersion", object.kind.isEmpty { continue }
            throw KubectlError(
                "unable to decode \(goQuoted(source)): Object '\(name)' is missing in '\(GoJSON.compact(value))'"
            )
        }
        guard object.kind.hasSuffix("List"), case .array(let items)? = value["items"] else {
            return manifests.append(Manifest(object: object, source: source))
        }
        for item in items { try append(item, source, to: &manifests) }
    }
}
