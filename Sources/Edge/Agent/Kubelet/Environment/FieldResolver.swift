internal import EdgeAPI
internal import EdgeBase

/// The downward API: what a pod may learn of itself.
struct FieldResolver: Sendable {
    let pod: Pod
    var addresses: [IPAddress] = []
    var hostAddresses: [IPAddress] = []
    /// Takes the place of limits that are not set.
    var allocatable: [String: Quantity] = [:]

    /// `metadata.name`, `metadata.labels['app']`, `status.podIP`, ...
    func value(_ path: String) throws(KubeletError) -> String {
        if let (base, key) = Self.subscripted(path) {
            switch base {
            case "metadata.labels": return pod.labels[key] ?? ""
            case "metadata.annotations": return pod.annotations[key] ?? ""
            default: throw KubeletError("fieldPath \"\(path)\" does not support subscript")
            }
        }
        switch path {
        case "metadata.name": return pod.name
        case "metadata.namespace": return pod.namespace
        case "metadata.uid": return pod.uid
        case "metadata.labels": return Self.lines(pod.labels)
        case "metadata.annotations": return Self.lines(pod.annotations)
        case "spec.nodeName": return pod.nodeName
        case "spec.serviceAccountName": return pod.spec.serviceAccountName
        case "status.podIP": return own.first?.description ?? ""
        case "status.podIPs": return own.map(\.description).joined(separator: ",")
        case "status.hostIP": return hostAddresses.first?.description ?? ""
        case "status.hostIPs": return hostAddresses.map(\.description).joined(separator: ",")
        default: throw KubeletError("unsupported fieldPath: \(path)")
        }
    }

    private var own: [IPAddress] { pod.spec.hostNetwork ? hostAddresses : addresses }

    /// `limits.cpu`, `requests.memory`, ... in units of the divisor, rounded up.
    func resource(_ selector: ResourceFieldSelector, in container: Container) throws(KubeletError) -> String {
        var target = container
        if !selector.containerName.isEmpty, selector.containerName != container.name {
            guard let other = pod.spec.allContainers.first(where: { $0.name == selector.containerName })
            else {
                throw KubeletError("container \(selector.containerName) not found")
            }
            target = other
        }
        let parts = selector.resource.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, ["limits", "requests"].contains(parts[0]),
            ["cpu", "memory", "ephemeral-storage"].contains(parts[1]) || parts[1].hasPrefix("hugepages-")
        else { throw KubeletError("unsupported container resource: \(selector.resource)") }
        let resources = target.resources
        let amount: Quantity
        if parts[0] == "limits" {
            amount = resources.limits[parts[1]] ?? allocatable[parts[1]] ?? .zero
        } else {
            amount = resources.requests[parts[1]] ?? resources.limits[parts[1]] ?? .zero
        }
        return Self.divide(amount, by: selector.divisor, isCPU: parts[1] == "cpu")
    }

    private static func divide(_ amount: Quantity, by divisor: Quantity?, isCPU: Bool) -> String {
        let divisor = divisor.flatMap { $0.isZero ? nil : $0 } ?? Quantity(1)
        // Kubernetes counts cpu in thousandths and the rest in whole units, and rounds up.
        let (dividend, unit) =
            isCPU ? (amount.milliValue, divisor.milliValue) : (amount.value, divisor.value)
        guard unit > 0 else { return "0" }
        return String((dividend + unit - 1) / unit)
    }

    private static func subscripted(_ path: String) -> (base: String, key: String)? {
        guard path.hasSuffix("']"), let open = path.firstRange(of: "['") else { return nil }
        return (String(path[..<open.lowerBound]), String(path[open.upperBound...].dropLast(2)))
    }

    /// `key="value"` lines by key, the value quoted as Go's strconv does it.
    private static func lines(_ map: [String: String]) -> String {
        map.sorted { $0.key < $1.key }.map { "\($0.key)=\(quoted($0.value))" }.joined(separator: "\n")
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                result += "\\x" + (digits.count < 2 ? "0" : "") + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
