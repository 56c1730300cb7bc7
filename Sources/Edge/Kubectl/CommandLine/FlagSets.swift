/// Flags that many commands share.
enum FlagSets {
    static let filename: [FlagSpec] = [
        FlagSpec("filename", "f", .strings, "File or directory with manifests; - for standard input."),
        FlagSpec("recursive", "R", .bool, "Go into the subdirectories of the directory in -f."),
        .refused("kustomize", "k", .string, "kustomizations are not built in: render them first"),
    ]

    static let output: [FlagSpec] = [
        FlagSpec("output", "o", .string, "Output format, one of: \(ObjectPrinter.formats)."),
        FlagSpec("template", nil, .string, "Template for -o=jsonpath."),
        FlagSpec(
            "allow-missing-template-keys", nil, .bool, default: "true",
            "Missing keys in a template are no error."),
        FlagSpec("show-managed-fields", nil, .bool, "Keep managedFields in JSON and YAML."),
    ]

    static let dryRun = FlagSpec(
        "dry-run", nil, .string, default: "none", bare: "unchanged",
        "none, client (only print what would be sent) or server (send it, but keep nothing).")

    static func fieldManager(_ name: String) -> FlagSpec {
        FlagSpec("field-manager", nil, .string, default: name, "Name under which the fields are owned.")
    }

    static let validate = FlagSpec(
        "validate", nil, .string, default: "strict", bare: "strict",
        "What to do about unknown or repeated fields: strict (or true), warn, ignore (or false).")

    static let selector = FlagSpec("selector", "l", .string, "Label selector: k=v, k!=v, k in (a,b), k, !k.")
    static let fieldSelector = FlagSpec("field-selector", nil, .string, "Field selector: metadata.name=web.")
    static let allNamespaces = FlagSpec("all-namespaces", "A", .bool, "Take the objects of all namespaces.")
    static func all(_ help: String) -> FlagSpec { FlagSpec("all", nil, .bool, help) }
    static let chunkSize = FlagSpec(
        "chunk-size", nil, .int, default: "500", "Read large lists in pages of this size; 0 for all at once.")
    static let record = FlagSpec.refused(
        "record", nil, .bool, "the change-cause annotation is set by annotate")
    static let local = FlagSpec("local", nil, .bool, "Do not ask the server; work on the files of -f only.")

    static let podRunningTimeout = FlagSpec(
        "pod-running-timeout", nil, .duration, default: "1m0s", "How long to wait until a pod runs.")
}
