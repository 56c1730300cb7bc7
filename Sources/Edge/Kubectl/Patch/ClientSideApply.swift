internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// Applies one object the classic way: create it, or patch it by what was applied last, what is wanted and
/// what there is.
struct ClientSideApply {
    let call: Invocation
    let dryRun: DryRun

    private static let maximumRetries = 5

    func apply(_ info: ResourceInfo) async throws -> (info: ResourceInfo, operation: String) {
        let client = try call.session.resources()
        let wanted = LastApplied.annotated(info.content)
        let current: JSONValue
        do {
            current = try await client.get(info)
        } catch let error where GetCommand.isNotFound(error) {
            return (try await create(info, wanted, client), "created")
        }
        if current.at("metadata", "annotations", LastApplied.key) == nil {
            call.warn(
                "resource \(info.resource.name)/\(info.name) is missing the \(LastApplied.key) annotation which is "
                    + "required by kubectl apply. kubectl apply should only be used on resources created "
                    + "declaratively by either kubectl create --save-config or kubectl apply. The missing "
                    + "annotation will be patched automatically.")
        }
        return try await withSource("applying patch to", info.source) {
            try await patch(info, wanted, current, client)
        }
    }

    private func create(
        _ info: ResourceInfo, _ wanted: APIObject, _ client: ResourceClient
    ) async throws -> ResourceInfo {
        let body = Self.withoutNulls(wanted.value)
        guard dryRun != .client else { return info.refreshed(body) }
        let options = try call.writeOptions(dryRun)
        return info.refreshed(
            try await withSource("creating", info.source) {
                try await client.create(info, body, options: options)
            })
    }

    private func patch(
        _ info: ResourceInfo, _ wanted: APIObject, _ found: JSONValue, _ client: ResourceClient
    ) async throws -> (info: ResourceInfo, operation: String) {
        var current = found
        var attempt = 0
        while true {
            let isBuiltIn = Schema.shared.kind(apiVersion: wanted.apiVersion, kind: wanted.kind) != nil
            let original = APIObject(current).flatMap(LastApplied.read)
            let patch = ThreeWayPatch(schema: isBuiltIn ? .shared : nil)
                .patch(original: original, modified: wanted.value, current: current)
            warnIfDeleting(info, current)
            if patch.isEmpty, dryRun != .client { return (info.refreshed(current), "unchanged") }
            // kubectl does not look whether anything would change, so neither does this.
            if dryRun == .client {
                let patched = try LocalPatch.apply(
                    isBuiltIn ? .strategicMerge : .merge, .object(patch), to: current)
                return (info.refreshed(patched), "configured")
            }
            do {
                let answer = try await client.patch(
                    info, isBuiltIn ? .strategicMerge : .merge, .object(patch),
                    options: try call.writeOptions(dryRun))
                return (info.refreshed(answer), "configured")
            } catch let status as APIStatus where status.reason == .conflict && attempt < Self.maximumRetries
            {
                attempt += 1
                current = try await client.get(info)
            } catch let status as APIStatus
                where [.invalid, .conflict].contains(status.reason) && call.flags.bool("force")
            {
                return (try await recreate(info, wanted, client), "configured")
            }
        }
    }

    /// What cannot be patched is deleted and made anew.
    private func recreate(
        _ info: ResourceInfo, _ wanted: APIObject, _ client: ResourceClient
    ) async throws -> ResourceInfo {
        let uid = try await Deletion(call).delete(info, client)
        let timeout = call.flags.duration("timeout")
        try await Deletion.waitUntilGone(info, uid: uid, timeout: timeout, call.session)
        return try await create(info, wanted, client)
    }

    private func warnIfDeleting(_ info: ResourceInfo, _ current: JSONValue) {
        guard case .string? = current.at("metadata", "deletionTimestamp") else { return }
        call.warn(
            "Detected changes to resource \(info.name) which is currently being deleted.")
    }

    private static func withoutNulls(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            .object(
                JSONObject(
                    uniqueMembers: object.members.filter { !$0.value.isNull }
                        .map { .init($0.key, withoutNulls($0.value)) }))
        case .array(let elements): .array(elements.map(withoutNulls))
        default: value
        }
    }
}
