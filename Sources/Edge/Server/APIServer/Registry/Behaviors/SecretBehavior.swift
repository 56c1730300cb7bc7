internal import EdgeAPI
internal import EdgeJSON

/// `stringData` is a convenience of writing: it becomes part of `data`.
struct SecretBehavior: Behavior {
    func prepareForCreate(_ object: inout APIObject, _ context: RequestContext) throws {
        Self.fold(&object)
        if object["type"]?.string?.isEmpty != false { object["type"] = "Opaque" }
    }

    func prepareForUpdate(
        _ object: inout APIObject, old: APIObject, subresource: String, _ context: RequestContext
    ) throws {
        Self.fold(&object)
    }

    private static func fold(_ object: inout APIObject) {
        guard let texts = object["stringData"]?.object else { return }
        var data = object["data"]?.object ?? JSONObject()
        for member in texts {
            data[member.key] = .string(Base64.encode(Array((member.value.string ?? "").utf8)))
        }
        data.sort { $0.key < $1.key }
        object["data"] = .object(data)
        object["stringData"] = nil
    }
}
