internal import EdgeJSON

extension FieldErrors {
    mutating func checkContainers(_ context: PodSpecContext, _ path: FieldPath) {
        let containers = context.spec.containers
        if containers.isEmpty { return required(path) }
        var names: Set<String> = []
        for (index, container) in containers.enumerated() {
            let path = path[index]
            checkContainer(container, context, path)
            if !names.insert(container.name).inserted { duplicate(path["name"], container.name) }
            checkLifecycle(container, context, path)
            if !container.json.lacks("restartPolicy") {
                optionalOneOf(
                    path["restartPolicy"], container.restartPolicy, ["Always", "OnFailure", "Never"])
            }
        }
        var ports: Set<String> = []
        for (index, container) in containers.enumerated() {
            checkHostPorts(container, path[index], &ports)
        }
    }

    mutating func checkInitContainers(_ context: PodSpecContext, _ path: FieldPath) {
        var names = Set(context.spec.containers.map(\.name))
        for (index, container) in context.spec.initContainers.enumerated() {
            let path = path[index]
            checkContainer(container, context, path)
            if !container.json.lacks("restartPolicy") {
                optionalOneOf(
                    path["restartPolicy"], container.restartPolicy, ["Always", "OnFailure", "Never"])
            }
            if !container.name.isEmpty, !names.insert(container.name).inserted {
                duplicate(path["name"], container.name)
            }
            var ports: Set<String> = []
            checkHostPorts(container, path, &ports)
            if container.isSidecar {
                checkLifecycle(container, context, path)
                continue
            }
            for key in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]
            where !container.json.lacks(key) {
                forbidden(path[key], "may not be set for init containers without restartPolicy=Always")
            }
        }
    }

    /// What all kinds of containers have in common.
    mutating func checkContainer(_ container: Container, _ context: PodSpecContext, _ path: FieldPath) {
        requiredName(path["name"], container.name, .label)
        if container.image.isEmpty {
            required(path["image"])
        } else if context.isPod,
            container.image.first?.isWhitespace ?? false
                || container.image.last?.isWhitespace ?? false
        {
            invalid(path["image"], container.image, "must not have leading or trailing whitespace")
        }
        oneOf(
            path["terminationMessagePolicy"], container.json["terminationMessagePolicy"].text,
            ["FallbackToLogsOnError", "File"])
        checkContainerPorts(container.ports, path["ports"])
        checkEnvironment(container, path)
        checkMounts(container, context, path)
        oneOf(path["imagePullPolicy"], container.imagePullPolicy, ["Always", "IfNotPresent", "Never"])
        checkResources(container.resources, path["resources"])
        checkResizePolicy(container, context, path["resizePolicy"])
        checkSecurity(container.securityContext, context, path["securityContext"])
    }

    private mutating func checkContainerPorts(_ ports: [ContainerPort], _ path: FieldPath) {
        var names: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = path[index]
            if !port.name.isEmpty {
                let messages = Names.portName(port.name)
                invalid(path["name"], port.name, messages)
                if messages.isEmpty, !names.insert(port.name).inserted {
                    duplicate(path["name"], port.name)
                }
            }
            if port.containerPort == 0 {
                required(path["containerPort"])
            } else {
                invalid(path["containerPort"], port.containerPort, Names.port(port.containerPort))
            }
            if port.hostPort != 0 { invalid(path["hostPort"], port.hostPort, Names.port(port.hostPort)) }
            oneOf(path["protocol"], port.json["protocol"].text, ["SCTP", "TCP", "UDP"])
        }
    }

    private mutating func checkHostPorts(
        _ container: Container, _ path: FieldPath, _ used: inout Set<String>
    ) {
        for (index, port) in container.ports.enumerated() where port.hostPort != 0 {
            let text = "\(port.protocol)/\(port.hostIP)/\(port.hostPort)"
            if !used.insert(text).inserted { duplicate(path["ports"][index]["hostPort"], text) }
        }
    }

    private mutating func checkResizePolicy(
        _ container: Container, _ context: PodSpecContext, _ path: FieldPath
    ) {
        var seen: Set<String> = []
        for (index, policy) in (container.resizePolicy?.array ?? []).enumerated() {
            let resource = policy["resourceName"].text
            let restart = policy["restartPolicy"].text
            if !seen.insert(resource).inserted { duplicate(path[index], resource) }
            oneOf(path, resource, ["cpu", "memory"])
            oneOf(path, restart, ["NotRequired", "RestartContainer"])
            if context.spec.restartPolicy == "Never", restart != "NotRequired" {
                invalid(path, restart, "must be 'NotRequired' when `restartPolicy` is 'Never'")
            }
        }
    }
}
