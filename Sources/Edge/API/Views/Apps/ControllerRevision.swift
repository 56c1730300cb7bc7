public import EdgeJSON

/// A former state of a DaemonSet's or StatefulSet's template.
public struct ControllerRevision: ObjectView {
    public static let resource = "controllerrevisions.apps"
    public static let apiVersion = "apps/v1"
    public static let kind = "ControllerRevision"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var data: JSONValue? {
        get { object.json["data"] }
        set { object.json["data"] = newValue }
    }

    public var revision: Int {
        get { object.json["revision"].number ?? 0 }
        set { object.json["revision"].number = newValue }
    }
}
