internal import EdgeAPI
internal import EdgeJSON

/// A request for a certificate records who asks: the signer decides by it, so clients cannot set it.
struct CertificateSigningRequestBehavior: Behavior {
    func prepareForCreate(_ object: inout APIObject, _ context: RequestContext) throws {
        let user = context.user
        object[path: "spec", "username"] = .string(user.name)
        object[path: "spec", "uid"] = user.uid.isEmpty ? nil : .string(user.uid)
        object[path: "spec", "groups"] = .array(user.groups.map(JSONValue.string))
        object[path: "spec", "extra"] =
            user.extra.isEmpty
            ? nil
            : .object(
                JSONObject(
                    user.extra.sorted { $0.key < $1.key }
                        .map { ($0.key, JSONValue.array($0.value.map(JSONValue.string))) }))
        object["status"] = [:]
    }

    func prepareForUpdate(
        _ object: inout APIObject, old: APIObject, subresource: String, _ context: RequestContext
    ) throws {
        object["spec"] = old["spec"]
        // Conditions are set through `approval` only, the certificate through `status` only.
        let conditions = object[path: "status", "conditions"]
        let certificate = object[path: "status", "certificate"]
        object["status"] = old["status"] ?? [:]
        if subresource == "approval" {
            object[path: "status", "conditions"] = conditions
        } else if subresource == "status" {
            object[path: "status", "certificate"] = certificate
            if let conditions { object[path: "status", "conditions"] = conditions }
        }
    }
}
