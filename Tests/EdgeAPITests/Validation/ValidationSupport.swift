import EdgeAPI
import EdgeJSON

/// Defaults an object, gives it what the server would have added, and says what is wrong with it.
func problems(_ group: String, _ kind: String, _ json: JSONValue, isNamespaced: Bool = true) -> [String] {
    ObjectValidator.validateCreate(
        prepared(group, kind, json, isNamespaced: isNamespaced), group: group, kind: kind,
        isNamespaced: isNamespaced
    )
    .map(\.description)
}

/// What is wrong with replacing one object by another.
func updateProblems(
    _ group: String, _ kind: String, from old: JSONValue, to new: JSONValue, isNamespaced: Bool = true
) -> [String] {
    ObjectValidator.validateUpdate(
        prepared(group, kind, new, isNamespaced: isNamespaced),
        old: prepared(group, kind, old, isNamespaced: isNamespaced), group: group, kind: kind,
        isNamespaced: isNamespaced
    )
    .map(\.description)
}

func prepared(_ group: String, _ kind: String, _ json: JSONValue, isNamespaced: Bool) -> APIObject {
    var object = APIObject(json.object ?? JSONObject())
    if object.name.isEmpty { object[path: "metadata", "name"] = "x" }
    if isNamespaced, object.namespace.isEmpty { object[path: "metadata", "namespace"] = "default" }
    object[path: "metadata", "uid"] = "u"
    object[path: "metadata", "resourceVersion"] = "1"
    Defaulter.apply(to: &object, group: group, kind: kind)
    let status = object["status"]
    ResourceStrategy.of(group: group, kind: kind).prepareForCreate(&object)
    if let status { object["status"] = status }
    return object
}
