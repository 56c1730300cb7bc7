internal import EdgeJSON

/// Writes a Swagger 2.0 document as the protobuf message `openapi.v2.Document`, the only form that client-go
/// asks for. Only what `OpenAPIBuilder` makes has to be covered.
struct GnosticEncoder {
    static func encode(_ builder: OpenAPIBuilder) -> [UInt8] {
        var paths = ProtobufWriter()
        builder.forEachSwaggerPath { paths.field(2, message: named($0.key, pathItem($0.value))) }
        var definitions = ProtobufWriter()
        builder.forEachSwaggerDefinition { definitions.field(1, message: named($0.key, schema($0.value))) }
        var parameters = ProtobufWriter()
        for parameter in builder.swaggerParameters {
            parameters.field(1, message: named(parameter.key, self.parameter(parameter.value)))
        }
        let head = builder.swaggerHead
        var writer = ProtobufWriter()
        writer.field(1, string: head["swagger"]?.string ?? "2.0")
        var info = ProtobufWriter()
        info.field(1, string: head["info"]?["title"]?.string ?? "")
        info.field(2, string: head["info"]?["version"]?.string ?? "")
        writer.field(2, message: info)
        writer.field(8, message: paths)
        writer.field(9, message: definitions)
        writer.field(10, message: parameters)
        return writer.bytes
    }

    /// `NamedX`: a name and a value.
    private static func named(_ name: String, _ value: ProtobufWriter) -> ProtobufWriter {
        var writer = ProtobufWriter()
        writer.field(1, string: name)
        writer.field(2, message: value)
        return writer
    }

    private static func namedSchemas(_ value: JSONValue?) -> ProtobufWriter {
        var writer = ProtobufWriter()
        for member in value?.object?.members ?? [] {
            writer.field(1, message: named(member.key, schema(member.value)))
        }
        return writer
    }

    /// Extensions carry their value as YAML, of which JSON is a subset.
    private static func addExtensions(_ value: JSONValue, _ number: Int, to writer: inout ProtobufWriter) {
        for member in value.object?.members ?? [] where member.key.hasPrefix("x-") {
            writer.field(number, message: named(member.key, any(member.value)))
        }
    }

    private static func any(_ value: JSONValue) -> ProtobufWriter {
        var writer = ProtobufWriter()
        writer.field(2, bytes: value.encoded + [UInt8(ascii: "\n")])
        return writer
    }

    // MARK: - Paths

    private static let methods: [(name: String, number: Int)] = [
        ("get", 2), ("put", 3), ("post", 4), ("delete", 5), ("patch", 8),
    ]

    private static func pathItem(_ item: JSONValue) -> ProtobufWriter {
        var writer = ProtobufWriter()
        for method in methods {
            if let operation = item[method.name] {
                writer.field(method.number, message: self.operation(operation))
            }
        }
        for parameter in item["parameters"]?.array ?? [] {
            writer.field(9, message: parametersItem(parameter))
        }
        return writer
    }

    private static func operation(_ operation: JSONValue) -> ProtobufWriter {
        var writer = ProtobufWriter()
        for tag in operation["tags"]?.strings ?? [] { writer.field(1, string: tag) }
        writer.field(3, string: operation["description"]?.string ?? "")
        writer.field(5, string: operation["operationId"]?.string ?? "")
        for type in operation["produces"]?.strings ?? [] { writer.field(6, string: type) }
        for type in operation["consumes"]?.strings ?? [] { writer.field(7, string: type) }
        for parameter in operation["parameters"]?.array ?? [] {
            writer.field(8, message: parametersItem(parameter))
        }
        var responses = ProtobufWriter()
        for member in operation["responses"]?.object?.members ?? [] {
            var response = ProtobufWriter()
            response.field(1, string: member.value["description"]?.string ?? "")
            if let schema = member.value["schema"] {
                var item = ProtobufWriter()
                item.field(1, message: self.schema(schema))
                response.field(2, message: item)
            }
            var value = ProtobufWriter()
            value.field(1, message: response)
            responses.field(1, message: named(member.key, value))
        }
        writer.field(9, message: responses)
        for scheme in operation["schemes"]?.strings ?? [] { writer.field(10, string: scheme) }
        addExtensions(operation, 13, to: &writer)
        return writer
    }

    private static func parametersItem(_ value: JSONValue) -> ProtobufWriter {
        var writer = ProtobufWriter()
        if let reference = value["$ref"]?.string {
            var json = ProtobufWriter()
            json.field(1, string: reference)
            writer.field(2, message: json)
        } else {
            writer.field(1, message: parameter(value))
        }
        return writer
    }

    private static func parameter(_ value: JSONValue) -> ProtobufWriter {
        var writer = ProtobufWriter()
        let place = value["in"]?.string ?? ""
        if place == "body" {
            var body = ProtobufWriter()
            body.field(2, string: value["name"]?.string ?? "")
            body.field(3, string: place)
            body.field(4, bool: value["required"]?.bool ?? false)
            if let schema = value["schema"] { body.field(5, message: self.schema(schema)) }
            writer.field(1, message: body)
            return writer
        }
        let isPath = place == "path"
        var inner = ProtobufWriter()
        inner.field(1, bool: value["required"]?.bool ?? false)
        inner.field(2, string: place)
        inner.field(3, string: value["description"]?.string ?? "")
        inner.field(4, string: value["name"]?.string ?? "")
        inner.field(isPath ? 5 : 6, string: value["type"]?.string ?? "")
        inner.field(isPath ? 19 : 20, bool: value["uniqueItems"]?.bool ?? false)
        var nonBody = ProtobufWriter()
        nonBody.field(isPath ? 4 : 3, message: inner)
        writer.field(2, message: nonBody)
        return writer
    }

    // MARK: - Schemas

    static func schema(_ value: JSONValue) -> ProtobufWriter {
        var writer = ProtobufWriter()
        if let reference = value["$ref"]?.string { writer.field(1, string: reference) }
        if let format = value["format"]?.string { writer.field(2, string: format) }
        if let description = value["description"]?.string { writer.field(4, string: description) }
        addLimits(value, to: &writer)
        for name in value["required"]?.strings ?? [] { writer.field(19, string: name) }
        for element in value["enum"]?.array ?? [] { writer.field(20, message: any(element)) }
        if let additional = value["additionalProperties"] {
            var item = ProtobufWriter()
            if case .bool(let flag) = additional {
                item.field(2, bool: flag)
            } else {
                item.field(1, message: schema(additional))
            }
            writer.field(21, message: item)
        }
        if let type = value["type"]?.string {
            var item = ProtobufWriter()
            item.field(1, string: type)
            writer.field(22, message: item)
        }
        if let items = value["items"] {
            var item = ProtobufWriter()
            item.field(1, message: schema(items))
            writer.field(23, message: item)
        }
        if value["properties"] != nil { writer.field(25, message: namedSchemas(value["properties"])) }
        addExtensions(value, 31, to: &writer)
        return writer
    }

    /// The bounds that schemas of custom resources have.
    private static func addLimits(_ value: JSONValue, to writer: inout ProtobufWriter) {
        for (name, number) in [("multipleOf", 6), ("maximum", 7), ("minimum", 9)] {
            if let limit = value[name]?.double { writer.field(number, double: limit) }
        }
        for (name, number) in [("exclusiveMaximum", 8), ("exclusiveMinimum", 10), ("uniqueItems", 16)] {
            if let flag = value[name]?.bool { writer.field(number, bool: flag) }
        }
        let counts = [
            ("maxLength", 11), ("minLength", 12), ("maxItems", 14), ("minItems", 15), ("maxProperties", 17),
            ("minProperties", 18),
        ]
        for (name, number) in counts {
            if let count = value[name]?.int { writer.field(number, integer: count) }
        }
        if let pattern = value["pattern"]?.string { writer.field(13, string: pattern) }
    }
}
