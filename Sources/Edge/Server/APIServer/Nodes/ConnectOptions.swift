internal import EdgeAPI
internal import EdgeJSON
internal import EdgeTransport

/// The options of a connection as an object: `PodExecOptions`, `ServiceProxyOptions`, ... from the query.
struct ConnectOptions {
    let object: APIObject

    init(_ request: HTTPServerRequest, _ kind: GroupVersionKind, path: String) {
        var object: JSONObject = ["kind": .string(kind.kind), "apiVersion": .string(kind.apiVersion)]
        if kind.kind.hasSuffix("ProxyOptions") {
            if !path.isEmpty { object["path"] = .string(path) }
            self.object = APIObject(object)
            return
        }
        for name in ["stdin", "stdout", "stderr", "tty"] {
            guard let value = request.queryValue(name) else { continue }
            if value == "true" || value == "1" { object[name] = true }
        }
        if let container = request.queryValue("container") { object["container"] = .string(container) }
        let command = request.head.target.values("command")
        if !command.isEmpty { object["command"] = .array(command.map(JSONValue.string)) }
        let ports = request.head.target.values("ports").flatMap { $0.split(separator: ",") }
            .compactMap { Int64($0) }
        if !ports.isEmpty { object["ports"] = .array(ports.map(JSONValue.int)) }
        self.object = APIObject(object)
    }
}
