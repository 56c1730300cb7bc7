internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// Makes the tables (`meta.k8s.io` Table) that `kubectl get` shows.
enum TablePrinter {
    /// What of each object goes along with its row.
    enum IncludeObject: String, Sendable {
        case none = "None"
        case metadata = "Metadata"
        case object = "Object"
    }

    /// `metadata` is the list's; `columns` replaces the kind's own ones, as for custom resources.
    static func table(
        _ objects: [APIObject], resource: ResourceDefinition, metadata: JSONValue, version: String = "v1",
        includeObject: IncludeObject = .metadata, now: Timestamp, columns: [TableColumn]? = nil
    ) -> JSONValue {
        let columns = columns ?? TableLayouts.columns(of: resource.qualifiedName)
        let context = TableContext(now: now)
        let rows = objects.map { object in
            row(object, columns, context, resource: resource, version: version, includeObject)
        }
        return [
            "kind": "Table", "apiVersion": .string("meta.k8s.io/\(version)"), "metadata": metadata,
            "columnDefinitions": .array(columns.map(\.definition)), "rows": .array(rows),
        ]
    }

    private static func row(
        _ object: APIObject, _ columns: [TableColumn], _ context: TableContext, resource: ResourceDefinition,
        version: String, _ includeObject: IncludeObject
    ) -> JSONValue {
        var row: JSONObject = ["cells": .array(columns.map { $0.cell(object, context) })]
        if resource.qualifiedName == "pods", let condition = completion(of: object) {
            row["conditions"] = [condition]
        }
        switch includeObject {
        case .none: row["object"] = .null
        case .metadata:
            row["object"] = [
                "kind": "PartialObjectMetadata", "apiVersion": .string("meta.k8s.io/\(version)"),
                "metadata": .object(VersionConversion.shown(object, as: resource).metadata),
            ]
        case .object: row["object"] = VersionConversion.shown(object, as: resource).value
        }
        return .object(row)
    }

    /// Marks the rows of pods that have ended.
    private static func completion(of object: APIObject) -> JSONValue? {
        let message: JSONValue
        let phase = object[path: "status", "phase"]
        switch phase {
        case "Succeeded": message = "The pod has completed successfully."
        case "Failed": message = "The pod failed."
        default: return nil
        }
        return ["type": "Completed", "status": "True", "reason": phase ?? .null, "message": message]
    }
}

/// The columns of each resource.
enum TableLayouts {
    /// By qualified name, such as `deployments.apps`.
    static func columns(of resource: String) -> [TableColumn] { table[resource] ?? standard }

    /// What kinds without columns of their own show.
    static let standard: [TableColumn] = [.objectName, .age]

    private static let table: [String: [TableColumn]] = {
        var table: [String: [TableColumn]] = [:]
        for family in [pods, workloads, batch, network, cluster, storage, access, extensions] {
            table.merge(family) { first, _ in first }
        }
        return table
    }()
}
