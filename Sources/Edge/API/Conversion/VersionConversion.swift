internal import EdgeJSON

/// Objects that are served in a second version: autoscaling/v1 beside v2, and the Events of events.k8s.io
/// beside those of the core group. They are stored in one version and converted on their way in and out.
public enum VersionConversion {
    /// A stored object in the version of a resource.
    public static func shown(_ object: APIObject, as resource: ResourceDefinition) -> APIObject {
        guard !resource.isStorageVersion else { return object }
        var shown = object
        switch resource.kind {
        case "Event": EventConversion.rename(&shown, EventConversion.fields.map { ($0.stored, $0.shown) })
        case "HorizontalPodAutoscaler": AutoscalerConversion.toFirstVersion(&shown)
        default: return object
        }
        shown["apiVersion"] = .string(resource.apiVersion)
        return canonical(shown, resource.groupVersionKind)
    }

    /// An object of a resource, or a part of one, in the version in which it is stored.
    public static func stored(_ object: APIObject, from resource: ResourceDefinition) -> APIObject {
        guard !resource.isStorageVersion else { return object }
        var stored = object
        switch resource.kind {
        case "Event": EventConversion.rename(&stored, EventConversion.fields.map { ($0.shown, $0.stored) })
        case "HorizontalPodAutoscaler": AutoscalerConversion.toSecondVersion(&stored)
        default: return object
        }
        stored["apiVersion"] = .string(resource.storedKind.apiVersion)
        return stored
    }

    /// A field selector on a resource in the words of the version in which its objects are stored.
    public static func stored(fieldSelector text: String, from resource: ResourceDefinition) -> String {
        guard resource.kind == "Event", !resource.isStorageVersion else { return text }
        return text.replacing("regarding.", with: "involvedObject.")
            .replacing("reportingController", with: "reportingComponent")
    }

    private static func canonical(_ object: APIObject, _ kind: GroupVersionKind) -> APIObject {
        guard let type = Schema.shared.kind(kind),
            let result = try? ObjectDecoder.decode(object.value, as: type)
        else { return object }
        return APIObject(result.object)
    }
}

extension ResourceDefinition {
    /// Whether the objects are stored in this very version. Custom resources have conversions of their own.
    public var isStorageVersion: Bool {
        group == storageGroup && version == storageVersion || custom != nil
    }

    /// The kind in the version in which its objects are stored.
    public var storedKind: GroupVersionKind {
        custom == nil
            ? GroupVersionKind(group: storageGroup, version: storageVersion, kind: kind) : groupVersionKind
    }
}
