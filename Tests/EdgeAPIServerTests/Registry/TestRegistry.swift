import EdgeAPI
import EdgeBase
import EdgeJSON
import EdgeStorage
import FoundationEssentials
import Logging

@testable import EdgeAPIServer

/// A registry over a store in a directory of its own.
final class TestRegistry: Sendable {
    let registry: Registry
    let directory: String
    let context = RequestContext(user: .apiServer)

    init(_ admission: [any AdmissionPlugin] = [], behaviors: [String: any Behavior] = [:]) async throws {
        directory =
            FileManager.default.temporaryDirectory.path
            + "/edge-registry-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        var options = StoreOptions(path: directory + "/state.db", logger: Logger(label: "test"))
        options.snapshotInterval = nil
        let store = try await ObjectStore.open(options)
        registry = Registry(store: store, admission: AdmissionChain(admission), behaviors: behaviors)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func resource(_ storageName: String) throws -> ResourceDefinition {
        guard let found = Schema.shared.stored(storageName) else { throw APIStatus.notFound(storageName, "") }
        return found
    }

    /// Creates from JSON text as a client would send it.
    func create(_ storageName: String, namespace: String = "d", _ value: JSONValue) async throws -> APIObject
    {
        let resource = try resource(storageName)
        let body = try BodyDecoder(resource: resource).canonical(Self.object(value, resource), context)
        return try APIObject(
            decoding: await registry.create(
                resource, namespace: resource.isNamespaced ? namespace : "", body: body, context))
    }

    static func object(_ value: JSONValue, _ resource: ResourceDefinition) -> APIObject {
        var object = APIObject(value) ?? APIObject(JSONObject())
        object["apiVersion"] = .string(resource.apiVersion)
        object["kind"] = .string(resource.kind)
        return object
    }
}
