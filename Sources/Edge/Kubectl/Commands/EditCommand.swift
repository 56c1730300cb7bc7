internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// `kubectl edit`
enum EditCommand {
    static let spec = CommandSpec(
        "edit", "Edit a resource on the server", usage: "(RESOURCE/NAME | -f FILENAME)",
        examples: ["kubectl edit svc/registry", "KUBE_EDITOR=\"nano\" kubectl edit svc/registry"],
        flags: FlagSets.filename + FlagSets.output + [
            FlagSets.selector, FlagSets.validate, FlagSets.fieldManager("kubectl-edit"),
            FlagSpec("output-patch", nil, .bool, "Print the patch that is sent."),
            FlagSpec("save-config", nil, .bool, "Keep the configuration in the object for a later apply."),
            FlagSpec("subresource", nil, .string, "Subresource to edit: status."), FlagSets.record,
            .refused("windows-line-endings", nil, .bool, "there is no Windows here"),
        ], run: run)

    private static func run(_ call: Invocation) async throws {
        let subresource = GetCommand.subresource(call)
        let fetched = try await ResourceQuery(call).fetch(call.session, subresource: subresource)
        try KubectlErrors.throwIfAny(fetched.errors)
        guard !fetched.infos.isEmpty else { throw KubectlError("edit cancelled, no objects found") }
        let isJSON = call.flags.string("output") == "json"
        for info in fetched.infos {
            try await Editing(call: call, info: info, isJSON: isJSON, subresource: subresource).run()
        }
    }

    /// One object in the editor, again and again until it is saved or given up.
    private struct Editing {
        let call: Invocation
        let info: ResourceInfo
        let isJSON: Bool
        let subresource: String?

        func run() async throws {
            let original = withoutManagedFields(info.content)
            let path = try HostFiles.makeTemporary(
                prefix: "kubectl-edit-", suffix: isJSON ? ".json" : ".yaml")
            var text = content(original)
            var reason: [String] = []
            while true {
                let shown = header(reason) + text
                try HostFiles.write(path, Array(shown.utf8))
                let code = try await call.environment.runEditor(editor, path)
                guard code == 0 else {
                    throw KubectlError(
                        "there was a problem with the editor \(goQuoted(editor)): exit status \(code)")
                }
                let edited = String(decoding: try HostFiles.read(path), as: UTF8.self)
                let body = Self.withoutComments(edited)
                if body.trimmed.isEmpty {
                    HostFiles.remove(path)
                    return call.errorLine("Edit cancelled, saved file was empty.")
                }
                if edited == shown {
                    guard reason.isEmpty else {
                        return try givenUp(path)
                    }
                    HostFiles.remove(path)
                    return call.errorLine("Edit cancelled, no changes made.")
                }
                do {
                    try await save(original, body)
                    return HostFiles.remove(path)
                } catch let error as KubectlError {
                    reason = error.message.split(separator: "\n").map(String.init)
                } catch let status as APIStatus
                    where [.invalid, .conflict, .badRequest].contains(status.reason)
                {
                    reason = Self.reasons(status, info)
                    call.errorLine(reason.joined(separator: "\n"))
                }
                text = body
            }
        }

        private func givenUp(_ path: String) throws {
            call.errorLine("A copy of your changes has been stored to \(goQuoted(path))")
            throw KubectlError("Edit cancelled, no valid changes were saved.")
        }

        private func save(_ original: APIObject, _ text: String) async throws {
            let value: JSONValue
            do {
                value = try YAML.parse(text).first ?? .null
            } catch {
                throw KubectlError("The edited file failed validation: \(error)")
            }
            guard var edited = APIObject(value) else {
                throw KubectlError("The edited file had a syntax error: it is no mapping")
            }
            guard edited.name == original.name, edited.kind == original.kind,
                edited.apiVersion == original.apiVersion
            else { throw KubectlError("At least one of apiVersion, kind and name was changed") }
            if call.flags.bool("save-config") {
                edited = LastApplied.annotated(edited)
            }
            let (kind, patch) = LocalPatch.difference(from: original.value, to: edited.value)
            guard !patch.isEmpty else { return call.line("\(info.displayName) skipped") }
            if call.flags.bool("output-patch") {
                call.line("Patch: \(GoJSON.compact(.object(patch)))")
            }
            let answer = try await call.session.resources().patch(
                info, kind, .object(patch), subresource: subresource, options: try call.writeOptions())
            var printer = try ChangePrinter(call)
            if isJSON || call.flags.string("output") == "yaml" {
                call.line("\(info.displayName) edited")
            } else {
                try printer.show(info.refreshed(answer), "edited")
            }
        }

        private var editor: String {
            for name in ["KUBE_EDITOR", "EDITOR"] {
                if let editor = call.environment.variables[name], !editor.isEmpty { return editor }
            }
            return "vi"
        }

        private func content(_ object: APIObject) -> String {
            isJSON
                ? GoJSON.indented(object.value)
                : String(decoding: YAML.write(object.value.sortedByKeys), as: UTF8.self)
        }

        private func withoutManagedFields(_ object: APIObject) -> APIObject {
            var object = object
            if !call.flags.bool("show-managed-fields") {
                object[path: "metadata", "managedFields"] = nil
            }
            return object
        }

        private func header(_ reason: [String]) -> String {
            var lines = [
                "# Please edit the object below. Lines beginning with a '#' will be ignored,",
                "# and an empty file will abort the edit. If an error occurs while saving this file will be",
                "# reopened with the relevant failures.", "#",
            ]
            if !reason.isEmpty { lines += reason.map { "# \($0)" } + ["#"] }
            return lines.joined(separator: "\n") + "\n"
        }

        private static func withoutComments(_ text: String) -> String {
            text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("#") }
                .joined(separator: "\n")
        }

        private static func reasons(_ status: APIStatus, _ info: ResourceInfo) -> [String] {
            let causes = (status.details?.causes ?? []).map { "* \($0.field): \($0.message)" }
            return ["\(info.resource.qualifiedName) \(goQuoted(info.name)) was not valid:"]
                + (causes.isEmpty ? ["* \(status.message)"] : causes)
        }
    }
}
