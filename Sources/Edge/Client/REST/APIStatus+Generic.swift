internal import EdgeAPI

extension APIStatus {
    /// The failure behind an answer that carries no Status object, in client-go's words.
    static func generic(code: Int, method: String, text: String) -> APIStatus {
        let (reason, message): (Reason, String) =
            switch code {
            case 401: (.unauthorized, "the server has asked for the client to provide credentials")
            case 403: (.forbidden, text.isEmpty ? "forbidden" : text)
            case 404: (.notFound, "the server could not find the requested resource")
            case 405:
                (.methodNotAllowed, "the server does not allow this method on the requested resource")
            case 406:
                (
                    .notAcceptable,
                    "the server was unable to respond with a content type that the client supports"
                )
            case 409 where method == "POST": (.alreadyExists, "the server reported a conflict")
            case 409: (.conflict, "the server reported a conflict")
            case 410: (.gone, "the requested resource is gone")
            case 413: (.requestEntityTooLarge, "limit of the request's size exceeded")
            case 415:
                (
                    .unsupportedMediaType,
                    "the body of the request was in an unknown format - accepted media types include: "
                )
            case 422: (.invalid, "the server rejected our request due to an error in our request")
            case 429:
                (
                    .tooManyRequests,
                    "the server has received too many requests and has asked us to try again later"
                )
            case 503: (.serviceUnavailable, "the server is currently unable to handle the request")
            case 504:
                (
                    .timeout,
                    "the server was unable to return a response in the time allotted, "
                        + "but may still be processing the request"
                )
            case 500...:
                (
                    .internalError,
                    "an error on the server (\"\(text)\") has prevented the request from succeeding"
                )
            case 400: (.badRequest, "the server rejected our request for an unknown reason")
            default: (Reason(rawValue: "Unknown"), "the server responded with the status code \(code)")
            }
        return APIStatus(code: code, reason: reason, message: message)
    }
}
