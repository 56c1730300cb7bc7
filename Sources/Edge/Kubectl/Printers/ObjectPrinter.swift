internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// Prints whole objects in the format that `-o` names.
struct ObjectPrinter: Sendable {
    enum Format: Sendable {
        case json, yaml, name
        case jsonPath(JSONPath, template: String, asJSON: Bool)
        case customColumns(CustomColumns, showsHeaders: Bool)
    }

    let format: Format
    let showsManagedFields: Bool

    /// Nil for an empty format and for `wide`, which print tables.
    init?(_ flags: ParsedFlags) throws {
        var output = flags.string("output")
        if output.isEmpty, flags.isSet("template") { output = "go-template" }
        guard !output.isEmpty, output != "wide" else { return nil }
        showsManagedFields = flags.bool("show-managed-fields")
        format = try Self.format(output, flags)
    }

    init(_ format: Format) {
        self.format = format
        showsManagedFields = false
    }

    static let formats =
        "json,yaml,name,jsonpath,jsonpath-as-json,jsonpath-file,custom-columns,custom-columns-file,wide"

    private static func format(_ output: String, _ flags: ParsedFlags) throws -> Format {
        let (kind, argument) = output.split(atFirst: "=") ?? (output, flags.string("template"))
        let tolerant =
            flags.spec("allow-missing-template-keys") == nil
            || flags.bool("allow-missing-template-keys")
        switch kind {
        case "json": return .json
        case "yaml": return .yaml
        case "name": return .name
        case "jsonpath", "jsonpath-as-json":
            guard !argument.isEmpty else {
                throw KubectlError("template format specified but no template given")
            }
            return .jsonPath(
                try Self.path(argument, tolerant), template: argument, asJSON: kind == "jsonpath-as-json")
        case "jsonpath-file":
            guard !argument.isEmpty else {
                throw KubectlError("template format specified but no template given")
            }
            let text = String(decoding: try HostFiles.read(argument), as: UTF8.self)
            return .jsonPath(try Self.path(text, tolerant), template: text, asJSON: false)
        case "custom-columns":
            return .customColumns(
                try CustomColumns(spec: argument), showsHeaders: !flags.bool("no-headers"))
        case "custom-columns-file":
            guard !argument.isEmpty else {
                throw KubectlError("custom-columns format specified but no custom columns given")
            }
            let text = String(decoding: try HostFiles.read(argument), as: UTF8.self)
            return .customColumns(
                try CustomColumns(template: text), showsHeaders: !flags.bool("no-headers"))
        case "go-template", "go-template-file", "template", "templatefile":
            throw KubectlError.unsupported("the output format \(goQuoted(kind)) (use jsonpath)")
        case "kyaml": throw KubectlError.unsupported("the output format \"kyaml\"")
        default:
            throw KubectlError(
                "unable to match a printer suitable for the output format \(goQuoted(output)), "
                    + "allowed formats are: \(formats)")
        }
    }

    private static func path(_ template: String, _ tolerant: Bool) throws -> JSONPath {
        do {
            return try JSONPath(template, allowsMissingKeys: tolerant)
        } catch {
            throw KubectlError("error parsing jsonpath \(template), \(error)")
        }
    }

    /// The text for one object or List. Several YAML documents of one command are set apart by the caller.
    func text(_ value: JSONValue, resource: APIResource? = nil) throws -> String {
        switch format {
        case .json: return GoJSON.indented(whole(value))
        case .yaml: return String(decoding: YAML.write(whole(value).sortedByKeys), as: UTF8.self)
        case .name:
            return Self.items(value).map { Self.name($0, resource) + "\n" }.joined()
        case .jsonPath(let path, let template, let asJSON):
            do {
                if asJSON { return GoJSON.indented(.array(try path.values(value))) }
                return try path.text(value)
            } catch {
                throw KubectlError(
                    "error executing jsonpath \(goQuoted(template)): Error executing template: \(error)")
            }
        case .customColumns(let columns, let showsHeaders):
            var writer = TabWriter.forTables()
            if showsHeaders { writer.add(cells: columns.headers) }
            for item in Self.items(value) { writer.add(cells: try columns.cells(item)) }
            return writer.flush()
        }
    }

    static func items(_ value: JSONValue) -> [JSONValue] {
        guard value["kind"]?.string?.hasSuffix("List") == true, let items = value["items"]?.array else {
            return [value]
        }
        return items
    }

    private static func name(_ value: JSONValue, _ resource: APIResource?) -> String {
        let kind = value["kind"]?.string ?? resource?.kind ?? ""
        let group = splitAPIVersion(value["apiVersion"]?.string ?? "").group
        let type = kind.lowercased() + (group.isEmpty ? "" : ".\(group)")
        return "\(type)/\(value.at("metadata", "name")?.string ?? "")"
    }

    /// Templates see the managed fields always, as with kubectl.
    private func whole(_ value: JSONValue) -> JSONValue {
        showsManagedFields ? value : Self.withoutManagedFields(value)
    }

    private static func withoutManagedFields(_ value: JSONValue) -> JSONValue {
        var value = value
        if value.at("metadata", "managedFields") != nil { value[path: "metadata", "managedFields"] = nil }
        if case .array(let items)? = value["items"], value["kind"]?.string?.hasSuffix("List") == true {
            value["items"] = .array(items.map(withoutManagedFields))
        }
        return value
    }

    /// Several objects as one `v1` List.
    static func list(_ items: [JSONValue], resourceVersion: String? = "") -> JSONValue {
        var metadata: JSONValue = [:]
        metadata["resourceVersion"] = resourceVersion.map(JSONValue.string)
        return ["apiVersion": "v1", "items": .array(items), "kind": "List", "metadata": metadata]
    }
}
