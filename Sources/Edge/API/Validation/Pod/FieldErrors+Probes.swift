internal import EdgeJSON

extension FieldErrors {
    /// Hooks and probes of a container that keeps running.
    mutating func checkLifecycle(_ container: Container, _ context: PodSpecContext, _ path: FieldPath) {
        if let lifecycle = container.lifecycle {
            for (key, handler) in [("postStart", lifecycle.postStart), ("preStop", lifecycle.preStop)] {
                if let handler { checkHandler(handler.json, context, path["lifecycle"][key]) }
            }
        }
        if let probe = container.livenessProbe {
            checkProbe(probe, context, path["livenessProbe"])
            checkSingleSuccess(probe, path["livenessProbe"])
        }
        if let probe = container.readinessProbe {
            checkProbe(probe, context, path["readinessProbe"])
            if let seconds = probe.terminationGracePeriodSeconds {
                invalid(
                    path["readinessProbe"]["terminationGracePeriodSeconds"], seconds,
                    "must not be set for readinessProbes")
            }
        }
        if let probe = container.startupProbe {
            checkProbe(probe, context, path["startupProbe"])
            checkSingleSuccess(probe, path["startupProbe"])
        }
    }

    private mutating func checkSingleSuccess(_ probe: Probe, _ path: FieldPath) {
        if probe.successThreshold != 1 {
            invalid(path["successThreshold"], probe.successThreshold, "must be 1")
        }
    }

    private mutating func checkProbe(_ probe: Probe, _ context: PodSpecContext, _ path: FieldPath) {
        checkHandler(probe.json, context, path)
        let keys = [
            "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold",
        ]
        for key in keys { nonNegative(path[key], probe.json[key].number) }
        if let seconds = probe.terminationGracePeriodSeconds, seconds <= 0 {
            invalid(path["terminationGracePeriodSeconds"], seconds, "must be greater than 0")
        }
    }

    /// Exactly one of the ways to look at or to talk to a container.
    private mutating func checkHandler(_ handler: JSONValue, _ context: PodSpecContext, _ path: FieldPath) {
        var count = 0
        for kind in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
            guard let action = handler[kind], !action.isNull else { continue }
            count += 1
            if count > 1 {
                forbidden(path[kind], "may not specify more than 1 handler type")
                continue
            }
            switch kind {
            case "exec": if action["command"].strings.isEmpty { required(path[kind]["command"]) }
            case "httpGet": checkHTTPGet(HTTPGetAction(action), path[kind])
            case "sleep": checkSleep(action["seconds"].number ?? 0, context, path[kind])
            default: checkPort(path[kind]["port"], action["port"].intOrString)
            }
        }
        if count == 0 { required(path, "must specify a handler type") }
    }

    private mutating func checkHTTPGet(_ action: HTTPGetAction, _ path: FieldPath) {
        if action.json["path"].text.isEmpty { required(path["path"]) }
        checkPort(path["port"], action.port)
        let scheme = action.json["scheme"].text
        if scheme != "HTTP", scheme != "HTTPS" { notSupported(path["scheme"], scheme, ["HTTP", "HTTPS"]) }
        for header in action.httpHeaders {
            invalid(path["httpHeaders"], header.name, Names.httpHeader(header.name))
        }
    }

    private mutating func checkSleep(_ seconds: Int, _ context: PodSpecContext, _ path: FieldPath) {
        guard let gracePeriod = context.gracePeriod, seconds < 0 || seconds > gracePeriod else { return }
        invalid(
            path, seconds,
            "must be non-negative and less than terminationGracePeriodSeconds (\(gracePeriod))")
    }
}
