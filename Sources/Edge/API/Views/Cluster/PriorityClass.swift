internal import EdgeJSON

/// A name for a pod priority.
public struct PriorityClass: ObjectView {
    public static let resource = "priorityclasses.scheduling.k8s.io"
    public static let apiVersion = "scheduling.k8s.io/v1"
    public static let kind = "PriorityClass"

    public var object: APIObject
    public init(_ object: APIObject) { self.object = object }

    public var value: Int {
        get { object.json["value"].number ?? 0 }
        set { object.json["value"].number = newValue }
    }

    public var globalDefault: Bool {
        get { object.json["globalDefault"].flag }
        set { object.json["globalDefault"].flag = newValue }
    }

    public var description: String {
        get { object.json["description"].text }
        set { object.json["description"].text = newValue }
    }

    public var preemptionPolicy: String {
        get { object.json["preemptionPolicy"].optionalText ?? "PreemptLowerPriority" }
        set { object.json["preemptionPolicy"].optionalText = newValue }
    }
}
