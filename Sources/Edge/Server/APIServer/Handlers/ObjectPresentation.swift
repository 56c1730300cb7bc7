internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON
internal import EdgeTransport

/// Gives stored objects the form that a client asked for. Whole objects are passed on as they are stored;
/// tables and partial metadata are the exceptions that need decoding.
struct ObjectPresentation: Sendable {
    let resource: ResourceDefinition
    let representation: Representation
    /// `includeObject` of a Table: None, Metadata or Object.
    var includeObject = TablePrinter.IncludeObject.metadata
    var clock: any WallClock = SystemWallClock()

    func single(_ object: EncodedObject) -> [UInt8] {
        switch representation {
        case .object: shown(object)
        case .table: table([object], metadata: Self.listMetadata(object.revision)).encoded
        case .partialMetadata(let version):
            partial(object, kind: "PartialObjectMetadata", version).encoded
        }
    }

    func list(_ page: ListPage) -> HTTPBodyPieces {
        switch representation {
        case .object:
            return ListResponse.body(
                page, kind: resource.listKind, apiVersion: resource.apiVersion, bytes: shown)
        case .table:
            return HTTPBodyPieces([table(page.objects, metadata: ListResponse.metadata(page)).encoded])
        case .partialMetadata(let version):
            let list: JSONValue = [
                "kind": "PartialObjectMetadataList", "apiVersion": .string("meta.k8s.io/\(version)"),
                "metadata": ListResponse.metadata(page),
                "items": .array(
                    page.objects.map { partial($0, kind: "PartialObjectMetadata", version) }),
            ]
            return HTTPBodyPieces([list.encoded])
        }
    }

    /// The object of one watch event.
    func event(_ object: EncodedObject, withColumns: Bool) -> [UInt8] {
        guard case .table = representation else { return single(object) }
        var value = table([object], metadata: Self.listMetadata(object.revision))
        if !withColumns { value["columnDefinitions"] = .array([]) }
        return value.encoded
    }

    /// An object of the watched kind with nothing but a resourceVersion.
    func bookmark(metadata: JSONObject) -> JSONValue {
        switch representation {
        case .object:
            [
                "kind": .string(resource.kind), "apiVersion": .string(resource.apiVersion),
                "metadata": .object(metadata),
            ]
        case .table(let version):
            [
                "kind": "Table", "apiVersion": .string("meta.k8s.io/\(version)"),
                "metadata": .object(metadata),
                "columnDefinitions": [], "rows": [],
            ]
        case .partialMetadata(let version):
            [
                "kind": "PartialObjectMetadata", "apiVersion": .string("meta.k8s.io/\(version)"),
                "metadata": .object(metadata),
            ]
        }
    }

    /// The bytes of an object: the stored ones, unless another version was asked for.
    private func shown(_ object: EncodedObject) -> [UInt8] {
        if let custom = resource.custom { return custom.shown(object).bytes }
        guard !resource.isStorageVersion, let decoded = try? APIObject(decoding: object) else {
            return object.bytes
        }
        return VersionConversion.shown(decoded, as: resource).value.encoded
    }

    private func decoded(_ object: EncodedObject) -> APIObject? {
        try? APIObject(decoding: resource.custom?.shown(object) ?? object)
    }

    private func table(_ objects: [EncodedObject], metadata: JSONValue) -> JSONValue {
        let version = if case .table(let version) = representation { version } else { "v1" }
        let decoded = objects.compactMap(decoded)
        return TablePrinter.table(
            decoded, resource: resource, metadata: metadata, version: version, includeObject: includeObject,
            now: clock.now, columns: resource.custom.map { TableColumn.columns(of: $0.version) })
    }

    private static func listMetadata(_ revision: UInt64) -> JSONValue {
        ["resourceVersion": .string(String(revision))]
    }

    private func partial(_ object: EncodedObject, kind: String, _ version: String) -> JSONValue {
        let decoded = decoded(object)
        let metadata = decoded.map { VersionConversion.shown($0, as: resource).metadata } ?? JSONObject()
        return [
            "kind": .string(kind), "apiVersion": .string("meta.k8s.io/\(version)"),
            "metadata": .object(metadata),
        ]
    }
}
