internal import EdgeJSON

extension ObjectValidator {
    /// What the values of a ConfigMap or a Secret may be together, in bytes.
    static let maximumDataBytes = 1024 * 1024

    static let configMap: Rule = { object, old, errors in
        let data = object["data"]?.object ?? JSONObject()
        let binary = object["binaryData"]?.object ?? JSONObject()
        var size = 0
        for member in data {
            let path = FieldPath("data")[key: member.key]
            errors.invalid(path, member.key, Names.configMapKey(member.key))
            if binary[member.key] != nil {
                errors.invalid(path, member.key, "duplicate of key present in binaryData")
            }
            size += member.value.string?.utf8.count ?? 0
        }
        for member in binary {
            let path = FieldPath("binaryData")[key: member.key]
            errors.invalid(path, member.key, Names.configMapKey(member.key))
            if data[member.key] != nil {
                errors.invalid(path, member.key, "duplicate of key present in data")
            }
            size += (member.value.string?.utf8.count ?? 0) / 4 * 3
        }
        if size > maximumDataBytes { errors.tooLong(FieldPath(""), maximum: maximumDataBytes) }
        if let old { errors.checkFrozen(object, old, ["data", "binaryData"]) }
    }
}

extension FieldErrors {
    /// An object that says `immutable` keeps its data and keeps saying so.
    mutating func checkFrozen(_ object: APIObject, _ old: APIObject, _ keys: [String]) {
        guard old["immutable"].flag else { return }
        let reason = "field is immutable when `immutable` is set"
        if !object["immutable"].flag { forbidden(FieldPath("immutable"), reason) }
        for key in keys where object[key] != old[key] { forbidden(FieldPath(key), reason) }
    }
}
