public import EdgeBase
public import EdgeJSON
internal import Synchronization

/// One CustomResourceDefinition as it is served, with all of its versions. Immutable; a change of the
/// definition makes a new one. The schemas are made from the stored definition when they are first used.
public final class CustomResourceFamily: Sendable {
    /// How objects are brought from one version to another.
    public enum Conversion: Sendable, Equatable {
        /// Only the apiVersion changes.
        case none
        /// A webhook converts: `spec.conversion.webhook`.
        case webhook(JSONValue)
    }

    /// The definition as it is stored.
    public let source: EncodedObject
    public let uid: String
    public let group: String
    public let names: CustomResourceNames
    public let isNamespaced: Bool
    public let storageVersion: String
    public let conversion: Conversion
    public let isTerminating: Bool
    public let versions: [Version]
    /// Objects that were written later than this revision have been written by the present schema.
    public let cleanRevision: UInt64
    /// Objects may be stored in more than one version.
    public let hasOldVersions: Bool
    /// Ends when this form of the definition is no longer served.
    public let lifetime: CustomResourceLifetime
    /// What of the definition decides about its objects' form.
    private let essence: UInt64

    /// - Parameter old: what was served until now; what did not change goes on.
    public init(
        _ definition: CustomResourceDefinition, source: EncodedObject, names: CustomResourceNames,
        rules engine: (any SchemaRuleEngine)? = nil, succeeding old: CustomResourceFamily?
    ) {
        self.source = source
        let essence = Self.digest(
            [definition.object[path: "spec", "versions"] ?? .null, definition.conversion])
        self.essence = essence
        let hasSameForm = old?.uid == definition.uid && old?.essence == essence
        cleanRevision = hasSameForm ? old?.cleanRevision ?? source.revision : source.revision
        lifetime =
            hasSameForm && old?.names == names ? old?.lifetime ?? .init() : CustomResourceLifetime()
        uid = definition.uid
        group = definition.group
        self.names = names
        isNamespaced = definition.isNamespaced
        storageVersion = definition.storageVersion
        let webhook = definition.conversion["webhook"]
        conversion =
            definition.conversion["strategy"].text == "Webhook"
            ? .webhook(webhook ?? .null) : .none
        isTerminating = definition.isBeingDeleted
        hasOldVersions = definition.status.storedVersions.contains { $0 != definition.storageVersion }
        versions = definition.versions.map { version in
            Version(
                version, source: source, engine: engine,
                succeeding: hasSameForm ? old?.version(version.name) : nil)
        }
    }

    /// FNV-1a, 64 bits: it tells versions apart, it protects nothing.
    private static func digest(_ value: JSONValue) -> UInt64 {
        value.encoded.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    public var storageName: String { "\(names.plural).\(group)" }

    public func version(_ name: String) -> Version? { versions.first { $0.name == name } }

    /// One version of the definition.
    public final class Version: Sendable {
        public let name: String
        public let isServed: Bool
        public let hasStatus: Bool
        public let scale: ScalePaths?
        public let columns: [PrinterColumn]
        public let selectableFields: Set<String>
        /// What is said to those who use the version.
        public let deprecationWarning: String?
        public let isDeprecated: Bool
        private let source: EncodedObject
        private let engine: (any SchemaRuleEngine)?
        private let cached: Mutex<Parts?>

        /// What is made of the schema.
        private struct Parts {
            let schema: StructuralSchema
            let rules: (any SchemaRules)?
        }

        init(
            _ version: CustomResourceVersion, source: EncodedObject, engine: (any SchemaRuleEngine)?,
            succeeding old: Version?
        ) {
            self.engine = engine
            cached = Mutex(old?.cached.withLock { $0 })
            name = version.name
            isServed = version.isServed
            hasStatus = version.hasStatus
            scale = version.scale.flatMap(ScalePaths.init)
            columns = version.columns.compactMap(PrinterColumn.init)
            selectableFields = Set(version.selectableFields.map { String($0.dropFirst()) })
            isDeprecated = version.isDeprecated
            deprecationWarning = version.deprecationWarning
            self.source = source
        }

        /// `openAPIV3Schema` as it is stored.
        public var rawSchema: JSONObject {
            let definition = try? CustomResourceDefinition(decoding: source)
            return definition?.versions.first { $0.name == name }?.schema ?? JSONObject()
        }

        /// The schema of whole objects.
        public var root: StructuralSchema { schema }

        public var schema: StructuralSchema { parts.schema }

        /// `x-kubernetes-validations`, where there is an engine for them.
        var rules: (any SchemaRules)? { parts.rules }

        private var parts: Parts {
            cached.withLock { cached in
                if let cached { return cached }
                let raw = rawSchema
                let parts = Parts(
                    schema: StructuralSchema(raw, isEmbeddedResource: true), rules: engine?.rules(of: raw))
                cached = parts
                return parts
            }
        }
    }
}

/// Where a custom resource keeps its replicas.
public struct ScalePaths: Sendable, Hashable {
    public let specReplicas: [String]
    public let statusReplicas: [String]
    public let labelSelector: [String]

    init?(_ json: JSONValue) {
        func names(_ key: String) -> [String] {
            json[key].text.split(separator: ".").map(String.init)
        }
        specReplicas = names("specReplicasPath")
        statusReplicas = names("statusReplicasPath")
        labelSelector = names("labelSelectorPath")
        guard !specReplicas.isEmpty else { return nil }
    }
}

/// A column of the tables that show a custom resource.
public struct PrinterColumn: Sendable, Hashable {
    public let name: String
    public let type: String
    public let format: String
    public let description: String
    public let priority: Int
    public let path: SimpleJSONPath

    init?(_ json: JSONValue) {
        let text = json["jsonPath"].text
        guard let path = SimpleJSONPath(text) else { return nil }
        self.path = path
        name = json["name"].text
        type = json["type"].text
        format = json["format"].text
        let given = json["description"].text
        description =
            given.isEmpty ? "Custom resource definition column (in JSONPath format): \(text)" : given
        priority = json["priority"].number ?? 0
    }
}
