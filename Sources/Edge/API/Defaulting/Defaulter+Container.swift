internal import EdgeJSON

extension Defaulter {
    static func container(_ container: inout JSONValue) {
        if container["imagePullPolicy"].text.isEmpty {
            container["imagePullPolicy"] = pullPolicy(image: container["image"].text)
        }
        container.setDefaultIfEmpty("terminationMessagePath", "/dev/termination-log")
        container.setDefaultIfEmpty("terminationMessagePolicy", "File")
        container.updateEach("ports") { $0.setDefaultIfEmpty("protocol", "TCP") }
        container.updateEach("env") { variable in
            variable.update("valueFrom") { source in
                source.update("fieldRef") { $0.setDefaultIfEmpty("apiVersion", "v1") }
                source.update("resourceFieldRef") { $0.setDefault("divisor", "0") }
            }
        }
        container.update("resources") { resources(&$0) }
        for key in ["livenessProbe", "readinessProbe", "startupProbe"] {
            container.update(key) { probe(&$0) }
        }
        container.update("lifecycle") { lifecycle in
            for key in ["postStart", "preStop"] {
                lifecycle.update(key) { $0.update("httpGet") { httpGet(&$0) } }
            }
        }
        container.update("securityContext") { security in
            if security["procMount"].text.isEmpty { security["procMount"] = nil }
        }
    }

    static func probe(_ probe: inout JSONValue) {
        probe.setDefaultIfEmpty("timeoutSeconds", 1)
        probe.setDefaultIfEmpty("periodSeconds", 10)
        probe.setDefaultIfEmpty("successThreshold", 1)
        probe.setDefaultIfEmpty("failureThreshold", 3)
        probe.update("httpGet") { httpGet(&$0) }
        probe.update("grpc") { $0.setDefault("service", "") }
    }

    private static func httpGet(_ action: inout JSONValue) {
        action.setDefaultIfEmpty("path", "/")
        action.setDefaultIfEmpty("scheme", "HTTP")
    }

    static func resources(_ resources: inout JSONValue) {
        resourceList(&resources, "limits")
        resourceList(&resources, "requests")
    }

    /// Amounts finer than a thousandth are rounded up, and written in canonical form.
    static func resourceList(_ value: inout JSONValue, _ key: String) {
        guard case .object(var list)? = value[key] else { return }
        value[key] = .null
        list.updateValues { _, amount in
            // What is no quantity is left for validation to refuse.
            if let quantity = try? Quantity(amount) {
                amount = .string(quantity.roundedUpToMilli().description)
            }
        }
        value[key] = .object(list)
    }

    /// `Always` for the tag `latest`, which is also the tag of a name without tag and digest.
    static func pullPolicy(image: String) -> JSONValue {
        isLatest(image) ? "Always" : "IfNotPresent"
    }

    static func isLatest(_ image: String) -> Bool {
        var name = Substring(image)
        let hasDigest: Bool
        if let at = name.firstIndex(of: "@") {
            name = name[..<at]
            hasDigest = true
        } else {
            hasDigest = false
        }
        let last = name.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard let colon = last.firstIndex(of: ":") else { return !hasDigest && !image.isEmpty }
        return last[last.index(after: colon)...] == "latest"
    }
}
