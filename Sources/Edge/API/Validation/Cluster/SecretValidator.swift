internal import EdgeJSON

extension ObjectValidator {
    static let secret: Rule = { object, old, errors in
        let data = object["data"]?.object ?? JSONObject()
        var size = 0
        for member in data {
            errors.invalid(
                FieldPath("data")[key: member.key], member.key, Names.configMapKey(member.key))
            size += (member.value.string?.utf8.count ?? 0) / 4 * 3
        }
        if size > maximumDataBytes { errors.tooLong(FieldPath("data"), maximum: maximumDataBytes) }
        errors.checkSecretType(Secret(object), data)
        if let old {
            errors.immutable(FieldPath("type"), object["type"], old["type"])
            errors.checkFrozen(object, old, ["data"])
        }
    }

    static let serviceAccount: Rule = { _, _, _ in }
}

extension FieldErrors {
    mutating func checkSecretType(_ secret: Secret, _ data: JSONObject) {
        switch secret.type {
        case "kubernetes.io/service-account-token":
            let key = "kubernetes.io/service-account.name"
            if secret[annotation: key]?.isEmpty ?? true {
                required(.metadata["annotations"][key: key])
            }
        case "kubernetes.io/dockercfg": checkJSONEntry(secret, ".dockercfg")
        case "kubernetes.io/dockerconfigjson": checkJSONEntry(secret, ".dockerconfigjson")
        case "kubernetes.io/basic-auth":
            if data["username"] == nil, data["password"] == nil {
                required(FieldPath("data[username]"))
                required(FieldPath("data[password]"))
            }
        case "kubernetes.io/ssh-auth": checkEntries(data, ["ssh-privatekey"])
        case "kubernetes.io/tls": checkEntries(data, ["tls.crt", "tls.key"])
        default: break
        }
    }

    private mutating func checkEntries(_ data: JSONObject, _ keys: [String]) {
        for key in keys where data[key] == nil { required(FieldPath("data")[key: key]) }
    }

    private mutating func checkJSONEntry(_ secret: Secret, _ key: String) {
        let path = FieldPath("data")[key: key]
        guard let bytes = secret.decodedData[key] else { return required(path) }
        do throws(JSONError) {
            _ = try JSONParser.parse(bytes)
        } catch {
            // The value is secret and stays out of the message.
            invalid(path, "<secret contents redacted>", error.message)
        }
    }
}
