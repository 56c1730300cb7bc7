public import EdgeJSON

/// The annotation in which `kubectl apply` keeps the configuration that it applied last.
public enum LastApplied {
    public static let annotation = "kubectl.kubernetes.io/last-applied-configuration"

    /// The configuration with itself, without the annotation, as the value of the annotation: what apply
    /// sends.
    public static func modified(_ configuration: JSONObject) -> JSONObject {
        var object = configuration
        var metadata = object["metadata"]?.object ?? JSONObject()
        var annotations = metadata["annotations"]?.object ?? JSONObject()
        annotations[annotation] = nil
        // kubectl records the annotations even when there are none.
        metadata["annotations"] = .object(annotations)
        object["metadata"] = .object(metadata)
        annotations[annotation] = .string(text(of: object))
        metadata["annotations"] = .object(annotations)
        object["metadata"] = .object(metadata)
        return object
    }

    /// The configuration that was applied to an object last; nil where none is recorded.
    public static func original(of object: JSONObject) throws(JSONError) -> JSONObject? {
        guard let text = object["metadata"]?["annotations"]?[annotation]?.string, !text.isEmpty else {
            return nil
        }
        guard case .object(let original) = try JSONValue(parsing: text) else {
            throw JSONError("the annotation \(annotation) is no JSON object", offset: 0)
        }
        return original
    }

    /// A configuration as the annotation holds it, without the annotation itself.
    static func text(of configuration: JSONObject) -> String {
        var object = configuration
        if var metadata = object["metadata"]?.object, var annotations = metadata["annotations"]?.object,
            annotations.removeValue(forKey: annotation) != nil
        {
            metadata["annotations"] = annotations.isEmpty ? JSONValue?.none : .object(annotations)
            object["metadata"] = .object(metadata)
        }
        return String(decoding: sorted(.object(object)).encoded, as: UTF8.self) + "\n"
    }

    /// With the members of all objects in the order of their names, as Go writes maps.
    private static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(var object):
            object.sort { $0.key < $1.key }
            object.updateValues { _, value in value = sorted(value) }
            return .object(object)
        case .array(let elements): return .array(elements.map(sorted))
        default: return value
        }
    }
}
