internal import EdgeAPI

/// In which form a client wants objects: negotiated from the Accept header.
enum Representation: Sendable, Equatable {
    /// The objects themselves as JSON.
    case object
    /// Rows for a terminal, in that version of meta.k8s.io.
    case table(version: String)
    /// Only apiVersion, kind and metadata.
    case partialMetadata(version: String)

    /// The first form in the header that edge can give; 406 when there is none.
    init(accept header: String?) throws {
        // What programs send most, without looking further.
        guard let header, !header.isEmpty, header != "application/json", header != "*/*" else {
            self = .object
            return
        }
        for part in header.split(separator: ",") {
            let pieces = part.split(separator: ";").map { $0.trimmingBlanks }
            guard let type = pieces.first, ["application/json", "*/*", "application/*"].contains(type) else {
                continue
            }
            var parameters: [Substring: Substring] = [:]
            for piece in pieces.dropFirst() {
                let pair = piece.split(separator: "=", maxSplits: 1)
                if pair.count == 2 { parameters[pair[0]] = pair[1] }
            }
            let version = String(parameters["v"] ?? "v1")
            guard let form = parameters["as"] else {
                self = .object
                return
            }
            guard parameters["g"] == "meta.k8s.io", version == "v1" || version == "v1beta1" else { continue }
            switch form {
            case "Table":
                self = .table(version: version)
                return
            case "PartialObjectMetadata", "PartialObjectMetadataList":
                self = .partialMetadata(version: version)
                return
            default: continue
            }
        }
        throw APIStatus(
            code: 406, reason: .notAcceptable,
            message:
                "only the following media types are accepted: application/json, application/json;as=Table;g=meta.k8s.io;v=v1"
        )
    }
}

extension Substring {
    /// Without blanks at both ends.
    var trimmingBlanks: Substring {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }
}
