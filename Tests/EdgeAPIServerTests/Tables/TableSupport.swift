import EdgeAPI
import EdgeBase
import EdgeJSON

@testable import EdgeAPIServer

/// The cells of one object, as `kubectl get -o wide` would show them, with the age always `5m`.
func cells(_ resource: String, _ json: JSONValue) -> [String] {
    let now = Timestamp(seconds: 1_000_000)
    var object = APIObject(json.object ?? JSONObject())
    object[path: "metadata", "creationTimestamp"] = .string((now - .seconds(300)).rfc3339)
    let columns = TableLayouts.columns(of: resource)
    return columns.map { column in
        switch column.cell(object, TableContext(now: now)) {
        case .string(let text): text
        case let other: other.description
        }
    }
}

func time(_ secondsAgo: Int) -> JSONValue {
    .string((Timestamp(seconds: 1_000_000) - .seconds(secondsAgo)).rfc3339)
}
