public import EdgeJSON

/// A container, init container or ephemeral container.
public struct Container: JSONView {
    public var json: JSONValue
    public init(_ json: JSONValue) { self.json = json }

    public var name: String {
        get { json["name"].text }
        set { json["name"].text = newValue }
    }

    public var image: String {
        get { json["image"].text }
        set { json["image"].text = newValue }
    }

    public var imagePullPolicy: String {
        get { json["imagePullPolicy"].text }
        set { json["imagePullPolicy"].text = newValue }
    }

    public var command: [String] {
        get { json["command"].strings }
        set { json["command"].strings = newValue }
    }

    public var args: [String] {
        get { json["args"].strings }
        set { json["args"].strings = newValue }
    }

    public var workingDir: String {
        get { json["workingDir"].text }
        set { json["workingDir"].text = newValue }
    }

    public var ports: [ContainerPort] {
        get { json["ports"].views() }
        set { json["ports"] = newValue.jsonValue }
    }

    public var env: [EnvVar] {
        get { json["env"].views() }
        set { json["env"] = newValue.jsonValue }
    }

    public var envFrom: [EnvFromSource] {
        get { json["envFrom"].views() }
        set { json["envFrom"] = newValue.jsonValue }
    }

    public var resources: ResourceRequirements {
        get { ResourceRequirements(json["resources"] ?? .object(JSONObject())) }
        set { json["resources"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var resizePolicy: JSONValue? {
        get { json["resizePolicy"] }
        set { json["resizePolicy"] = newValue }
    }

    /// `Always` makes an init container a sidecar.
    public var restartPolicy: String {
        get { json["restartPolicy"].text }
        set { json["restartPolicy"].text = newValue }
    }

    public var volumeMounts: [VolumeMount] {
        get { json["volumeMounts"].views() }
        set { json["volumeMounts"] = newValue.jsonValue }
    }

    public var volumeDevices: [VolumeDevice] {
        get { json["volumeDevices"].views() }
        set { json["volumeDevices"] = newValue.jsonValue }
    }

    public var livenessProbe: Probe? {
        get { json["livenessProbe"].map(Probe.init) }
        set { json["livenessProbe"] = newValue?.json }
    }

    public var readinessProbe: Probe? {
        get { json["readinessProbe"].map(Probe.init) }
        set { json["readinessProbe"] = newValue?.json }
    }

    public var startupProbe: Probe? {
        get { json["startupProbe"].map(Probe.init) }
        set { json["startupProbe"] = newValue?.json }
    }

    public var lifecycle: Lifecycle? {
        get { json["lifecycle"].map(Lifecycle.init) }
        set { json["lifecycle"] = newValue?.json }
    }

    public var terminationMessagePath: String {
        get { json["terminationMessagePath"].optionalText ?? "/dev/termination-log" }
        set { json["terminationMessagePath"].optionalText = newValue }
    }

    public var terminationMessagePolicy: String {
        get { json["terminationMessagePolicy"].optionalText ?? "File" }
        set { json["terminationMessagePolicy"].optionalText = newValue }
    }

    public var securityContext: SecurityContext {
        get { SecurityContext(json["securityContext"] ?? .object(JSONObject())) }
        set { json["securityContext"] = newValue.isEmpty ? nil : newValue.json }
    }

    public var stdin: Bool {
        get { json["stdin"].flag }
        set { json["stdin"].flag = newValue }
    }

    public var stdinOnce: Bool {
        get { json["stdinOnce"].flag }
        set { json["stdinOnce"].flag = newValue }
    }

    public var tty: Bool {
        get { json["tty"].flag }
        set { json["tty"].flag = newValue }
    }

    /// Of an ephemeral container: whose process namespace it joins.
    public var targetContainerName: String {
        get { json["targetContainerName"].text }
        set { json["targetContainerName"].text = newValue }
    }
}
