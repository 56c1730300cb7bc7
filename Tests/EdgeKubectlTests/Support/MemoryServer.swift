import EdgeAPI
import EdgeClient
import EdgeJSON
import Synchronization

@testable import EdgeKubectl

/// An API server in memory, as far as kubectl's commands look at one: discovery, objects by path, tables,
/// patches. Answers to other paths can be given as they are.
final class MemoryServer: RESTTransport {
    struct State {
        var objects: [String: JSONValue] = [:]
        var canned: [String: (status: Int, body: String, headers: [RESTRequest.Field])] = [:]
        var requests: [RESTRequest] = []
        var revision = 100
    }

    let state = Mutex(State())

    /// Resources as discovery tells of them.
    static let resources: [APIResource] = [
        builtIn("v1", "Pod", ["po"], ["all"]), builtIn("v1", "Service", ["svc"], ["all"]),
        builtIn("v1", "ConfigMap", ["cm"]), builtIn("v1", "Secret"), builtIn("v1", "Node", ["no"]),
        builtIn("v1", "Namespace", ["ns"]), builtIn("v1", "Event", ["ev"]),
        builtIn("v1", "ServiceAccount", ["sa"]),
        builtIn("apps/v1", "Deployment", ["deploy"], ["all"]),
        builtIn("apps/v1", "ReplicaSet", ["rs"], ["all"]),
        builtIn("apps/v1", "DaemonSet", ["ds"], ["all"]), builtIn("batch/v1", "Job"),
        builtIn("coordination.k8s.io/v1", "Lease"),
        APIResource(
            group: "example.com", version: "v1", name: "widgets", kind: "Widget", isNamespaced: true,
            verbs: ["get", "list"]),
    ]

    private static func builtIn(
        _ apiVersion: String, _ kind: String, _ shortNames: [String] = [], _ categories: [String] = []
    ) -> APIResource {
        var resource =
            (try? APIResource.builtIn(apiVersion: apiVersion, kind: kind))
            ?? APIResource(group: "", version: "v1", name: "missing", kind: kind, isNamespaced: false)
        resource.verbs = ["create", "delete", "get", "list", "patch", "update", "watch"]
        resource.shortNames = shortNames
        resource.categories = categories
        return resource
    }

    // MARK: Filling and asking

    func put(_ yaml: String) throws {
        for value in try YAML.parse(yaml) {
            guard let resource = Self.resource(of: value) else { continue }
            state.withLock { state in
                var value = value
                state.revision += 1
                value[path: "metadata", "resourceVersion"] = .string(String(state.revision))
                if value[path: "metadata", "uid"] == nil {
                    value[path: "metadata", "uid"] = .string("uid-\(state.revision)")
                }
                let path = RESTPath.path(
                    resource, namespace: value[path: "metadata", "namespace"]?.string ?? "",
                    name: value[path: "metadata", "name"]?.string ?? "")
                state.objects[path] = value
            }
        }
    }

    func answer(_ path: String, status: Int = 200, _ body: String, headers: [RESTRequest.Field] = []) {
        state.withLock { $0.canned[path] = (status, body, headers) }
    }

    func object(_ path: String) -> JSONValue? { state.withLock { $0.objects[path] } }

    /// `PATCH /api/v1/...?dryRun=All` of all requests but discovery's, in order.
    var requests: [RESTRequest] {
        state.withLock { $0.requests.filter { $0.path != "/api" && $0.path != "/apis" } }
    }

    var log: [String] { requests.map { "\($0.method) \($0.target)" } }

    private static func resource(of value: JSONValue) -> APIResource? {
        resources.first {
            $0.kind == value["kind"]?.string && $0.apiVersion == value["apiVersion"]?.string
        }
    }

    // MARK: Answering

    func send(_ request: RESTRequest) async throws -> RESTResponse {
        state.withLock { state in
            state.requests.append(request)
            if let canned = state.canned[request.path] {
                return RESTResponse(
                    status: canned.status, headers: canned.headers, body: RESTBody(canned.body))
            }
            if request.path == "/api" { return Self.discovery(["": "v1"]) }
            if request.path == "/apis" {
                return Self.discovery([
                    "apps": "v1", "batch": "v1", "coordination.k8s.io": "v1", "example.com": "v1",
                ])
            }
            guard let target = Target(request.path) else {
                return Self.failure(.notFound("the server could not find the requested resource", ""))
            }
            do {
                return Self.json(try Self.handle(request, target, &state))
            } catch let status as APIStatus {
                return Self.failure(status)
            } catch {
                return Self.failure(.badRequest("\(error)"))
            }
        }
    }

    /// A path taken apart.
    private struct Target {
        let resource: APIResource
        let collection: String
        let name: String?
        let subresource: String?

        init?(_ path: String) {
            for resource in MemoryServer.resources {
                let root = RESTPath.root(group: resource.group, version: resource.version)
                guard path.hasPrefix(root + "/") else { continue }
                var parts = path.dropFirst(root.count).split(separator: "/").map(String.init)
                var prefix = root
                if resource.isNamespaced, parts.count >= 3, parts[0] == "namespaces" {
                    prefix += "/namespaces/\(parts[1])"
                    parts.removeFirst(2)
                }
                // What stands below a namespace is none of the namespace's own.
                guard parts.first == resource.name, resource.name != "namespaces" || parts.count < 3 else {
                    continue
                }
                self.resource = resource
                collection = "\(prefix)/\(resource.name)"
                name = parts.count > 1 ? parts[1] : nil
                subresource = parts.count > 2 ? parts[2] : nil
                return
            }
            return nil
        }
    }

    private static func handle(
        _ request: RESTRequest, _ target: Target, _ state: inout State
    ) throws -> JSONValue {
        let body = try request.body.map { try JSONParser.parse($0) }
        guard let name = target.name else {
            return request.method == "POST"
                ? try create(body ?? [:], target, request, &state) : list(target, request, state)
        }
        let path = "\(target.collection)/\(name)"
        guard var object = state.objects[path] else {
            throw APIStatus.notFound(target.resource.qualifiedName, name)
        }
        switch request.method {
        case "GET": return wantsTable(request) ? table([object], state) : object
        case "DELETE":
            state.objects[path] = nil
            return ["kind": "Status", "apiVersion": "v1", "status": "Success"]
        case "PUT": object = body ?? [:]
        case "PATCH":
            let kind = Patch.Kind(rawValue: request.header("Content-Type") ?? "") ?? .merge
            object =
                kind == .apply
                ? MergePatch.apply(body ?? [:], to: object)
                : try LocalPatch.apply(kind, body ?? [:], to: object)
        default: throw APIStatus.badRequest(request.method)
        }
        if object != state.objects[path] {
            state.revision += 1
            object[path: "metadata", "resourceVersion"] = .string(String(state.revision))
        }
        if request.queryValue("dryRun") == nil { state.objects[path] = object }
        return object
    }

    private static func create(
        _ body: JSONValue, _ target: Target, _ request: RESTRequest, _ state: inout State
    ) throws -> JSONValue {
        var object = body
        let name = object[path: "metadata", "name"]?.string ?? ""
        let path = "\(target.collection)/\(name)"
        guard state.objects[path] == nil else {
            throw APIStatus.alreadyExists(target.resource.qualifiedName, name)
        }
        state.revision += 1
        object[path: "metadata", "resourceVersion"] = .string(String(state.revision))
        object[path: "metadata", "uid"] = .string("uid-\(state.revision)")
        if request.queryValue("dryRun") == nil { state.objects[path] = object }
        return object
    }

    private static func list(_ target: Target, _ request: RESTRequest, _ state: State) -> JSONValue {
        let objects = state.objects.filter { path, object in
            object["kind"]?.string == target.resource.kind
                && (path.hasPrefix(target.collection + "/") || !target.collection.contains("/namespaces/"))
                && matches(object, request)
        }.sorted { $0.key < $1.key }.map(\.value)
        // A watch of nothing new: the stream ends at once.
        if request.queryValue("watch") != nil { return .null }
        if wantsTable(request) { return table(objects, state) }
        return [
            "kind": .string(target.resource.kind + "List"), "apiVersion": .string(target.resource.apiVersion),
            "metadata": ["resourceVersion": .string(String(state.revision))], "items": .array(objects),
        ]
    }

    private static func matches(_ object: JSONValue, _ request: RESTRequest) -> Bool {
        if let text = request.queryValue("labelSelector"), let selector = try? LabelSelector(parsing: text) {
            let labels = object[path: "metadata", "labels"]
            guard selector.matches({ labels?[$0]?.string }) else { return false }
        }
        if let text = request.queryValue("fieldSelector") {
            for part in text.split(separator: ",") where !part.contains("!=") {
                let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
                guard pair.count == 2 else { continue }
                let value = pair[0].split(separator: ".").reduce(Optional(object)) { $0?[String($1)] }
                guard value?.string ?? "" == pair[1] else { return false }
            }
        }
        return true
    }

    private static func wantsTable(_ request: RESTRequest) -> Bool {
        request.header("Accept")?.contains("as=Table") == true
    }

    private static func table(_ objects: [JSONValue], _ state: State) -> JSONValue {
        let rows = objects.map { object -> JSONValue in
            [
                "cells": [
                    object[path: "metadata", "name"] ?? "", object[path: "status", "phase"] ?? "<none>", "5m",
                    object[path: "spec", "nodeName"] ?? "<none>",
                ], "object": object,
            ]
        }
        return [
            "kind": "Table", "apiVersion": "meta.k8s.io/v1",
            "metadata": ["resourceVersion": .string(String(state.revision))],
            "columnDefinitions": [
                ["name": "Name", "type": "string", "format": "name", "priority": 0],
                ["name": "Status", "type": "string", "priority": 0],
                ["name": "Age", "type": "string", "priority": 0],
                ["name": "Node", "type": "string", "priority": 1],
            ], "rows": .array(rows),
        ]
    }

    private static func discovery(_ groups: [String: String]) -> RESTResponse {
        let items = groups.sorted { $0.key < $1.key }.map { group, version -> JSONValue in
            let found = resources.filter { $0.group == group && $0.version == version }.map {
                resource -> JSONValue in
                [
                    "resource": .string(resource.name), "singularResource": .string(resource.singularName),
                    "responseKind": [
                        "group": .string(group), "version": .string(version), "kind": .string(resource.kind),
                    ], "scope": resource.isNamespaced ? "Namespaced" : "Cluster",
                    "verbs": .array(resource.verbs.map(JSONValue.string)),
                    "shortNames": .array(resource.shortNames.map(JSONValue.string)),
                    "categories": .array(resource.categories.map(JSONValue.string)),
                    "subresources": .array(resource.subresources.map { ["subresource": .string($0)] }),
                ]
            }
            return [
                "metadata": ["name": .string(group)],
                "versions": [["version": .string(version), "resources": .array(found)]],
            ]
        }
        return json([
            "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "items": .array(items),
        ])
    }

    private static func json(_ value: JSONValue) -> RESTResponse {
        RESTResponse(status: 200, body: RESTBody(value.isNull ? [] : value.encoded))
    }

    private static func failure(_ status: APIStatus) -> RESTResponse {
        RESTResponse(status: status.code, body: RESTBody(status.value.encoded))
    }
}
