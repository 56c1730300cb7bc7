internal import EdgeAPI
internal import EdgeJSON

/// The paths of resources with their operations.
struct OpenAPIPaths {
    let flavor: OpenAPIFlavor
    /// The definition of a kind.
    let definition: (GroupVersionKind) -> String?

    func paths(of resource: ResourceDefinition) -> [JSONObject.Member] {
        let prefix =
            resource.group.isEmpty
            ? "/api/\(resource.version)" : "/apis/\(resource.group)/\(resource.version)"
        let collection =
            resource.isNamespaced
            ? "\(prefix)/namespaces/{namespace}/\(resource.resource)" : "\(prefix)/\(resource.resource)"
        let scope = resource.isNamespaced ? [OpenAPIParameter.namespace] : []
        var paths: [JSONObject.Member] = []
        if resource.isNamespaced, resource.verbs.contains(.list) {
            let target = Target(resource: resource, isAllNamespaces: true)
            paths.append(.init("\(prefix)/\(resource.resource)", item(target, [.list], [])))
        }
        paths.append(
            .init(collection, item(Target(resource: resource), [.list, .create, .deleteCollection], scope)))
        let object = "\(collection)/{name}"
        let parameters = scope + [.objectName]
        if resource.verbs.contains(.get) {
            paths.append(
                .init(object, item(Target(resource: resource), [.get, .update, .patch, .delete], parameters)))
        }
        for subresource in resource.subresources {
            let target = Target(resource: resource, subresource: subresource)
            let path = "\(object)/\(subresource.name)"
            paths.append(.init(path, item(target, .all, parameters)))
            if subresource.name == "proxy" {
                let target = Target(resource: resource, subresource: subresource, hasPath: true)
                paths.append(.init("\(path)/{path}", item(target, .all, parameters + [.path])))
            }
        }
        return paths
    }

    /// What the operations of a path act upon.
    private struct Target {
        let resource: ResourceDefinition
        var subresource: SubresourceDefinition?
        var isAllNamespaces = false
        var hasPath = false

        var verbs: APIVerb { subresource?.verbs ?? resource.verbs }
        var kind: GroupVersionKind { subresource?.kind ?? resource.groupVersionKind }
        var isConnect: Bool { kind.kind.hasSuffix("Options") }

        /// `NamespacedDeploymentScale`
        var operationName: String {
            let scope = resource.isNamespaced && !isAllNamespaces ? "Namespaced" : ""
            let part = subresource.map { OpenAPINames.capitalized($0.name) } ?? ""
            return scope + resource.kind + part + (hasPath ? "WithPath" : "")
                + (isAllNamespaces ? "ForAllNamespaces" : "")
        }
    }

    private func item(_ target: Target, _ verbs: APIVerb, _ path: [OpenAPIParameter]) -> JSONValue {
        let offered = verbs.intersection(target.verbs)
        var item = JSONObject()
        if target.isConnect {
            for (verb, method) in Self.connectMethods where offered.contains(verb) {
                item[method] = connect(target, method)
            }
        } else {
            if offered.contains(.list) { item["get"] = operation(target, .list) }
            if offered.contains(.get) { item["get"] = operation(target, .get) }
            if offered.contains(.update) { item["put"] = operation(target, .update) }
            if offered.contains(.create) { item["post"] = operation(target, .create) }
            if offered.contains(.delete) { item["delete"] = operation(target, .delete) }
            if offered.contains(.deleteCollection) { item["delete"] = operation(target, .deleteCollection) }
            if offered.contains(.patch) { item["patch"] = operation(target, .patch) }
        }
        item["parameters"] = .array(path.map { $0.value(flavor) } + [parameter(.pretty)])
        return .object(item)
    }

    private static let connectMethods: [(APIVerb, String)] = [
        (.get, "get"), (.update, "put"), (.create, "post"), (.delete, "delete"), (.patch, "patch"),
    ]

    // MARK: - Operations

    private struct Shape {
        /// The verb in the operation's id and in `x-kubernetes-action`.
        var name: String
        var action: String
        var summary: String
        var codes: [Int]
        var parameters: [OpenAPIParameter]
    }

    private static func shape(_ verb: APIVerb) -> Shape {
        let writing: [OpenAPIParameter] = [.dryRun, .fieldManager, .fieldValidation]
        switch verb {
        case .list:
            return Shape(
                name: "list", action: "list", summary: "list or watch", codes: [200],
                parameters: OpenAPIParameter.listing)
        case .get: return Shape(name: "read", action: "get", summary: "read", codes: [200], parameters: [])
        case .create:
            return Shape(
                name: "create", action: "post", summary: "create", codes: [200, 201, 202], parameters: writing
            )
        case .update:
            return Shape(
                name: "replace", action: "put", summary: "replace", codes: [200, 201], parameters: writing)
        case .patch:
            return Shape(
                name: "patch", action: "patch", summary: "change", codes: [200, 201],
                parameters: writing + [.force])
        case .delete:
            return Shape(
                name: "delete", action: "delete", summary: "delete", codes: [200, 202],
                parameters: [.dryRun] + OpenAPIParameter.deleting)
        default:
            return Shape(
                name: "deleteCollection", action: "deletecollection", summary: "delete many", codes: [200],
                parameters: OpenAPIParameter.listing + [.dryRun] + OpenAPIParameter.deleting)
        }
    }

    private func operation(_ target: Target, _ verb: APIVerb) -> JSONValue {
        let shape = Self.shape(verb)
        let resource = target.resource
        let version = OpenAPINames.operation(group: resource.group, version: resource.version)
        let id =
            verb == .deleteCollection
            ? "delete\(version)Collection\(target.operationName)"
            : "\(shape.name)\(version)\(target.operationName)"
        var operation: JSONObject = [
            "description": .string("\(shape.summary) \(target.kind.kind)"), "operationId": .string(id),
            "tags": [.string(OpenAPINames.tag(group: resource.group, version: resource.version))],
        ]
        var parameters = shape.parameters.map(parameter)
        let body = bodyDefinition(target, verb)
        let isCustom = resource.custom != nil
        switch flavor {
        case .v2:
            operation["consumes"] = strings(Self.consumed(verb, isCustom: isCustom))
            operation["produces"] = strings(Self.produced(verb))
            operation["schemes"] = ["https"]
            if let body {
                let isRequired = verb != .delete && verb != .deleteCollection
                var value: JSONObject = ["name": "body", "in": "body", "schema": reference(body)]
                if isRequired { value["required"] = true }
                parameters.insert(.object(value), at: 0)
            }
        case .v3:
            if let body {
                operation["requestBody"] = ["content": content(Self.consumed(verb, isCustom: isCustom), body)]
            }
        }
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        operation["responses"] = responses(target, verb, shape.codes)
        operation["x-kubernetes-action"] = .string(shape.action)
        operation["x-kubernetes-group-version-kind"] = OpenAPISchemas.kind(target.kind)
        return .object(operation)
    }

    private func connect(_ target: Target, _ method: String) -> JSONValue {
        let resource = target.resource
        let version = OpenAPINames.operation(group: resource.group, version: resource.version)
        var response: JSONObject = ["description": "OK"]
        switch flavor {
        case .v2: response["schema"] = ["type": "string"]
        case .v3: response["content"] = ["*/*": ["schema": ["type": "string"]]]
        }
        var operation: JSONObject = [
            "description": .string(
                "connect \(method) requests to \(target.subresource?.name ?? "") of \(resource.kind)"
            ),
            "operationId": .string(
                "connect\(version)\(OpenAPINames.capitalized(method))\(target.operationName)"),
            "tags": [.string(OpenAPINames.tag(group: resource.group, version: resource.version))],
        ]
        if flavor == .v2 {
            operation["consumes"] = ["*/*"]
            operation["produces"] = ["*/*"]
            operation["schemes"] = ["https"]
        }
        operation["responses"] = ["200": .object(response), "401": ["description": "Unauthorized"]]
        operation["x-kubernetes-action"] = "connect"
        operation["x-kubernetes-group-version-kind"] = OpenAPISchemas.kind(target.kind)
        return .object(operation)
    }

    /// The definition of what a request carries.
    private func bodyDefinition(_ target: Target, _ verb: APIVerb) -> String? {
        switch verb {
        case .create, .update: definition(target.kind)
        case .patch: OpenAPINames.definition("meta.v1.Patch")
        case .delete, .deleteCollection: OpenAPINames.definition("meta.v1.DeleteOptions")
        default: nil
        }
    }

    private func responses(_ target: Target, _ verb: APIVerb, _ codes: [Int]) -> JSONValue {
        let name: String?
        switch verb {
        case .list:
            name = definition(
                .init(group: target.kind.group, version: target.kind.version, kind: target.resource.listKind))
        case .delete, .deleteCollection: name = OpenAPINames.definition("meta.v1.Status")
        case .get where target.subresource?.name == "log": name = nil
        default: name = definition(target.kind)
        }
        var responses = JSONObject()
        for code in codes {
            var response: JSONObject = [
                "description": .string(code == 200 ? "OK" : code == 201 ? "Created" : "Accepted")
            ]
            let schema = name.map(reference) ?? ["type": "string"]
            switch flavor {
            case .v2: response["schema"] = schema
            case .v3:
                let types = name == nil ? ["text/plain"] : Self.produced(verb)
                response["content"] = .object(JSONObject(types.map { ($0, ["schema": schema]) }))
            }
            responses[String(code)] = .object(response)
        }
        responses["401"] = ["description": "Unauthorized"]
        return .object(responses)
    }

    // MARK: - Parts

    /// By this clients know how to patch; custom resources have no merge keys and no protobuf.
    private static func consumed(_ verb: APIVerb, isCustom: Bool) -> [String] {
        switch verb {
        case .patch:
            ["application/json-patch+json", "application/merge-patch+json"]
                + (isCustom ? [] : ["application/strategic-merge-patch+json"])
                + ["application/apply-patch+yaml"]
        default:
            ["application/json", "application/yaml"]
                + (isCustom ? [] : ["application/vnd.kubernetes.protobuf"])
        }
    }

    private static func produced(_ verb: APIVerb) -> [String] {
        verb == .list ? ["application/json", "application/json;stream=watch"] : ["application/json"]
    }

    private func content(_ types: [String], _ definition: String) -> JSONValue {
        .object(JSONObject(types.map { ($0, ["schema": reference(definition)]) }))
    }

    private func reference(_ definition: String) -> JSONValue {
        ["$ref": .string(flavor.reference(definition))]
    }

    /// Clients look for fieldValidation among an operation's own parameters, so it is never a reference.
    private func parameter(_ parameter: OpenAPIParameter) -> JSONValue {
        guard flavor == .v2, OpenAPIParameter.shared.contains(where: { $0.name == parameter.name }) else {
            return parameter.value(flavor)
        }
        return ["$ref": .string("#/parameters/\(parameter.name)")]
    }

    private func strings(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }
}
