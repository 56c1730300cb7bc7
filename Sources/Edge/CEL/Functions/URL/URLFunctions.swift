/// URLs.
enum URLFunctions {
    static let type = CELType.opaque("kubernetes.URL")

    struct Value: CELOpaqueValue {
        let url: GoURL
        var type: CELType { URLFunctions.type }
        var text: String { url.text }

        func equals(_ other: any CELOpaqueValue) -> Bool { (other as? Value)?.url.text == url.text }
    }

    private static func url(_ value: CELValue) throws(CELEvaluationError) -> GoURL {
        guard case .opaque(let value) = value, let value = value as? Value else { throw .noSuchOverload }
        return value.url
    }

    static func declare(in table: inout FunctionTable) {
        table.global("url", "string_to_url", [.string], type) { values throws(CELEvaluationError) in
            do throws(CELEvaluationError) {
                return .opaque(Value(url: try GoURL(request: values[0].asText)))
            } catch {
                throw CELEvaluationError("URL parse error during conversion from string: \(error.message)")
            }
        }
        table.global("isURL", "is_url_string", [.string], .bool) { values throws(CELEvaluationError) in
            do throws(CELEvaluationError) {
                _ = try GoURL(request: values[0].asText)
                return .bool(true)
            } catch { return .bool(false) }
        }
        let parts: [(String, String, @Sendable (GoURL) -> String)] = [
            ("getScheme", "url_get_scheme", { $0.scheme }), ("getHost", "url_get_host", { $0.host }),
            ("getHostname", "url_get_hostname", { $0.hostname }), ("getPort", "url_get_port", { $0.port }),
            ("getEscapedPath", "url_get_escaped_path", { $0.escapedPath }),
        ]
        for (name, id, part) in parts {
            table.member(name, id, [type], .string) { values throws(CELEvaluationError) in
                .string(part(try url(values[0])))
            }
        }
        table.member("getQuery", "url_get_query", [type], .map(.string, .list(.string))) {
            values throws(CELEvaluationError) in
            .map(CELMap(try url(values[0]).queryValues.map { (.string($0.name), .texts($0.values)) }))
        }
    }
}
