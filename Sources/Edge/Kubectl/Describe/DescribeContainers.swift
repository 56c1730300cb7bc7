internal import EdgeAPI
internal import EdgeJSON

/// The containers of a pod or of a pod template.
enum DescribeContainers {
    /// `pod` gives the values of fields that variables refer to; nil in a template.
    static func write(
        _ title: String, _ containers: [JSONValue], statuses: [JSONValue] = [], pod: JSONValue? = nil,
        indent: String = "", to description: inout Description
    ) {
        description.line(0, "\(indent)\(title):\(containers.isEmpty ? " <none>" : "")")
        for container in containers {
            let status = statuses.first { $0["name"] == container["name"] }
            basics(container, status, indent: indent, to: &description)
            command(container, to: &description)
            if let status { state(status, to: &description) }
            resources(container["resources"], 2, to: &description)
            for (field, title) in [
                ("livenessProbe", "Liveness"), ("readinessProbe", "Readiness"), ("startupProbe", "Startup"),
            ] {
                if let probe = container[field], !probe.isNull {
                    description.field(2, title, self.probe(probe))
                }
            }
            environmentSources(container, to: &description)
            environment(container, pod, to: &description)
            mounts(container, to: &description)
        }
    }

    private static func basics(
        _ container: JSONValue, _ status: JSONValue?, indent: String, to description: inout Description
    ) {
        description.line(1, "\(indent.isEmpty ? "" : " ")\(container["name"].shown):")
        if let status { description.field(2, "Container ID", status["containerID"].shown) }
        description.field(2, "Image", container["image"].shown)
        if let status { description.field(2, "Image ID", status["imageID"].shown) }
        for (title, field) in [("Port", "containerPort"), ("Host Port", "hostPort")] {
            let ports = container["ports"].elements.map { port in
                let name = port["name"].shown
                return "\(port[field].whole)/\(port["protocol"].shown)" + (name.isEmpty ? "" : " (\(name))")
            }
            description.field(
                2, ports.count > 1 ? "\(title)s" : title,
                ports.isEmpty ? "<none>" : ports.joined(separator: ", "))
        }
        if let profile = container.at("securityContext", "seccompProfile") {
            description.field(2, "SeccompProfile", profile["type"].shown)
            description.fieldIfPresent(3, "LocalhostProfile", profile["localhostProfile"]?.string)
        }
    }

    private static func command(_ container: JSONValue, to description: inout Description) {
        for (field, title) in [("command", "Command"), ("args", "Args")] {
            let words = container[field]?.strings ?? []
            guard !words.isEmpty else { continue }
            description.line(2, "\(title):")
            for word in words {
                for line in word.split(separator: "\n", omittingEmptySubsequences: false) {
                    description.line(3, String(line))
                }
            }
        }
    }

    static func resources(_ resources: JSONValue?, _ level: Int, to description: inout Description) {
        for (field, title) in [("limits", "Limits"), ("requests", "Requests")] {
            let members = (resources?[field]).members
            if !members.isEmpty { description.line(level, "\(title):") }
            for member in members {
                description.field(level + 1, member.key, Optional(member.value).quantityText)
            }
        }
    }

    // MARK: State

    private static func state(_ status: JSONValue, to description: inout Description) {
        one("State", status["state"], to: &description)
        if status.at("lastState", "terminated") != nil {
            one("Last State", status["lastState"], to: &description)
        }
        description.field(2, "Ready", status["ready"].titleBool)
        description.field(2, "Restart Count", "\(status["restartCount"].whole)")
    }

    private static func one(_ title: String, _ state: JSONValue?, to description: inout Description) {
        if let running = state?["running"] {
            description.field(2, title, "Running")
            description.field(3, "Started", LocalTime.rfc1123(running["startedAt"]?.string))
        } else if let ended = state?["terminated"] {
            description.field(2, title, "Terminated")
            description.fieldIfPresent(3, "Reason", ended["reason"]?.string)
            description.fieldIfPresent(3, "Message", ended["message"]?.string)
            description.field(3, "Exit Code", "\(ended["exitCode"].whole)")
            if ended["signal"].whole > 0 { description.field(3, "Signal", "\(ended["signal"].whole)") }
            description.field(3, "Started", LocalTime.rfc1123(ended["startedAt"]?.string))
            description.field(3, "Finished", LocalTime.rfc1123(ended["finishedAt"]?.string))
        } else {
            description.field(2, title, "Waiting")
            description.fieldIfPresent(3, "Reason", state?["waiting"]?["reason"]?.string)
        }
    }

    static func probe(_ probe: JSONValue) -> String {
        let attributes =
            "delay=\(probe["initialDelaySeconds"].whole)s timeout=\(probe["timeoutSeconds"].whole)s "
            + "period=\(probe["periodSeconds"].whole)s #success=\(probe["successThreshold"].whole) "
            + "#failure=\(probe["failureThreshold"].whole)"
        if let exec = probe["exec"] { return "exec \(goList(exec["command"]?.strings ?? [])) \(attributes)" }
        if let http = probe["httpGet"] {
            let host = http["host"].shown
            let shownHost = host.contains(":") ? "[\(host)]" : host
            let path = http["path"].shown
            let separator = path.isEmpty || path.hasPrefix("/") ? "" : "/"
            return "http-get \(http["scheme"].shown.lowercased())://\(shownHost):\(http["port"].shown)"
                + "\(separator)\(path) \(attributes)"
        }
        if let tcp = probe["tcpSocket"] {
            return "tcp-socket \(tcp["host"].shown):\(tcp["port"].shown) \(attributes)"
        }
        if let grpc = probe["grpc"] {
            return "grpc <pod>:\(grpc["port"].whole) \(grpc["service"].shown) \(attributes)"
        }
        return "unknown \(attributes)"
    }

    // MARK: Environment

    private static func environmentSources(_ container: JSONValue, to description: inout Description) {
        let sources = container["envFrom"].elements
        guard !sources.isEmpty else { return }
        description.line(2, "Environment Variables from:")
        for source in sources {
            let (reference, kind) =
                source["configMapRef"].map { ($0, "ConfigMap") }
                ?? (source["secretRef"] ?? [:], "Secret")
            let prefix = source["prefix"].shown
            let shownKind = prefix.isEmpty ? kind : "\(kind) with prefix '\(prefix)'"
            description.line(
                3, "\(reference["name"].shown)\t\(shownKind)\tOptional: \(reference["optional"].goBool)")
        }
    }

    private static func environment(
        _ container: JSONValue, _ pod: JSONValue?, to description: inout Description
    ) {
        let variables = container["env"].elements
        description.line(2, "Environment:\(variables.isEmpty ? "\t<none>" : "")")
        for variable in variables {
            let name = variable["name"].shown
            guard let source = variable["valueFrom"] else {
                let lines = variable["value"].shown.split(separator: "\n", omittingEmptySubsequences: false)
                for (index, line) in lines.enumerated() {
                    description.line(3, index == 0 ? "\(name):\t\(line)" : "\t\(line)")
                }
                continue
            }
            if let field = source["fieldRef"] {
                let path = field["fieldPath"].shown
                let value = pod.map { fieldValue($0, path) } ?? ""
                let version = field["apiVersion"]?.string ?? "v1"
                description.field(3, name, "\(value) (\(version):\(path))")
            } else if let field = source["resourceFieldRef"] {
                let resource = field["resource"].shown
                description.field(3, name, "\(resourceValue(container, field)) (\(resource))")
            } else if let key = source["secretKeyRef"] {
                description.line(
                    3,
                    "\(name):\t<set to the key '\(key["key"].shown)' in secret '\(key["name"].shown)'>\t"
                        + "Optional: \(key["optional"].goBool)")
            } else if let key = source["configMapKeyRef"] {
                description.line(
                    3,
                    "\(name):\t<set to the key '\(key["key"].shown)' of config map '\(key["name"].shown)'>\t"
                        + "Optional: \(key["optional"].goBool)")
            }
        }
    }

    /// The value of `metadata.labels['app']`, `status.podIP` and the like.
    private static func fieldValue(_ pod: JSONValue, _ path: String) -> String {
        if let open = path.firstIndex(of: "["), path.hasSuffix("']") {
            let key = path[path.index(open, offsetBy: 2)..<path.index(path.endIndex, offsetBy: -2)]
            let parent = path[..<open].split(separator: ".")
            return parent.reduce(Optional(pod)) { $0?[String($1)] }?[String(key)].shown ?? ""
        }
        let value = path.split(separator: ".").reduce(Optional(pod)) { $0?[String($1)] }
        guard case .object? = value else { return value.shown }
        return value.members.map { "\($0.key)=\(goQuoted($0.value.string ?? ""))" }.joined(separator: "\n")
    }

    /// The requested amount in units of the divisor, rounded up.
    private static func resourceValue(_ container: JSONValue, _ field: JSONValue) -> String {
        let resource = field["resource"].shown
        guard let (section, name) = resource.split(atFirst: ".") else { return "" }
        let amount = container.at("resources", section, name).flatMap { try? Quantity($0) } ?? .zero
        if amount.isZero, resource == "limits.cpu" || resource == "limits.memory" {
            return "node allocatable"
        }
        let divisor = field["divisor"].flatMap { try? Quantity($0) } ?? .zero
        let unit = divisor.isZero ? Quantity(1) : divisor
        return "\(Int64((amount.doubleValue / unit.doubleValue).rounded(.up)))"
    }

    private static func mounts(_ container: JSONValue, to description: inout Description) {
        let mounts = container["volumeMounts"].elements
            .sorted { $0["mountPath"].shown < $1["mountPath"].shown }
        description.line(2, "Mounts:\(mounts.isEmpty ? "\t<none>" : "")")
        for mount in mounts {
            var flags = [mount["readOnly"]?.bool == true ? "ro" : "rw"]
            let path = mount["subPath"].shown
            if !path.isEmpty { flags.append("path=\(goQuoted(path))") }
            description.line(
                3,
                "\(mount["mountPath"].shown) from \(mount["name"].shown) (\(flags.joined(separator: ",")))")
        }
        let devices = container["volumeDevices"].elements
            .sorted { $0["devicePath"].shown < $1["devicePath"].shown }
        guard !devices.isEmpty else { return }
        description.line(2, "Devices:\(mounts.isEmpty ? "\t<none>" : "")")
        for device in devices {
            description.line(3, "\(device["devicePath"].shown) from \(device["name"].shown)")
        }
    }
}
