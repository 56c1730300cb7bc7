internal import EdgeJSON

extension FieldErrors {
    mutating func checkVolumes(_ volumes: [Volume], _ path: FieldPath) {
        var names: Set<String> = []
        for (index, volume) in volumes.enumerated() {
            let path = path[index]
            requiredName(path["name"], volume.name, .label)
            if !names.insert(volume.name).inserted { duplicate(path["name"], volume.name) }
            var count = 0
            for member in volume.json.object ?? JSONObject()
            where member.key != "name" && !member.value.isNull {
                count += 1
                if count > 1 {
                    forbidden(path[member.key], "may not specify more than 1 volume type")
                } else {
                    checkVolumeSource(member.key, member.value, path[member.key])
                }
            }
            if count == 0 { required(path, "must specify a volume type") }
        }
    }

    private mutating func checkVolumeSource(_ kind: String, _ source: JSONValue, _ path: FieldPath) {
        switch kind {
        case "emptyDir":
            if let limit = source["sizeLimit"].quantity, limit < .zero {
                forbidden(path["sizeLimit"], "SizeLimit field must be a valid resource quantity")
            }
        case "hostPath": checkHostPath(HostPathVolumeSource(source), path)
        case "secret":
            if source["secretName"].text.isEmpty { required(path["secretName"]) }
            checkFiles(source, path)
        case "configMap":
            if source["name"].text.isEmpty { required(path["name"]) }
            checkFiles(source, path)
        case "downwardAPI":
            checkMode(source["defaultMode"].number, path["defaultMode"])
            checkDownwardFiles(DownwardAPIVolumeSource(source), path)
        case "projected": checkProjected(source, path)
        case "persistentVolumeClaim":
            if source["claimName"].text.isEmpty { required(path["claimName"]) }
        case "nfs": checkNFS(NFSVolumeSource(source), path)
        case "csi":
            let driver = source["driver"].text
            if driver.isEmpty { required(path["driver"]) }
            if let reference = source["nodePublishSecretRef"], reference["name"].text.isEmpty {
                required(path["nodePublishSecretRef"]["name"])
            }
        case "ephemeral": checkEphemeral(EphemeralVolumeSource(source), path)
        case "image":
            if source["reference"].text.isEmpty { required(path["reference"]) }
            oneOf(path["pullPolicy"], source["pullPolicy"].text, ["Always", "IfNotPresent", "Never"])
        case "gitRepo":
            if source["repository"].text.isEmpty { required(path["repository"]) }
        default: break
        }
    }

    mutating func checkHostPath(_ source: HostPathVolumeSource, _ path: FieldPath) {
        if source.path.isEmpty { return required(path["path"]) }
        checkNoSteps(path["path"], source.path)
        let types = [
            "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate",
            "Socket",
        ]
        optionalOneOf(path["type"], source.json["type"].optionalText, types)
    }

    mutating func checkNFS(_ source: NFSVolumeSource, _ path: FieldPath) {
        if source.server.isEmpty { required(path["server"]) }
        if source.path.isEmpty { required(path["path"]) }
        if !source.path.hasPrefix("/") { invalid(path["path"], source.path, "must be an absolute path") }
    }

    private mutating func checkMode(_ mode: Int?, _ path: FieldPath) {
        if let mode, !(0...0o777).contains(mode) {
            invalid(path, mode, "must be a number between 0 and 0777 (octal), both inclusive")
        }
    }

    private mutating func checkFiles(_ source: JSONValue, _ path: FieldPath) {
        checkMode(source["defaultMode"].number, path["defaultMode"])
        for (index, item) in (source["items"]?.array ?? []).enumerated() {
            let path = path["items"][index]
            let item = KeyToPath(item)
            if item.key.isEmpty { required(path["key"]) }
            checkFile(item.path, path["path"])
            checkMode(item.mode, path["mode"])
        }
    }

    private mutating func checkFile(_ file: String, _ path: FieldPath) {
        if file.isEmpty { return required(path) }
        checkDescendingPath(path, file)
        if file.hasPrefix(".."), !file.hasPrefix("../"), file != ".." {
            invalid(path, file, "must not start with '..'")
        }
    }

    private mutating func checkDownwardFiles(_ source: DownwardAPIVolumeSource, _ path: FieldPath) {
        for (index, item) in source.items.enumerated() {
            let path = path["items"][index]
            checkFile(item.path, path["path"])
            checkMode(item.mode, path["mode"])
            switch (item.fieldRef, item.resourceFieldRef) {
            case (let field?, nil): checkFieldRef(field, Self.volumeDownwardFields, path["fieldRef"])
            case (nil, let resource?):
                checkResourceRef(resource, needsContainer: true, path["resourceFieldRef"])
            case (nil, nil): required(path, "one of fieldRef and resourceFieldRef is required")
            default:
                invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
            }
        }
    }

    private mutating func checkProjected(_ source: JSONValue, _ path: FieldPath) {
        checkMode(source["defaultMode"].number, path["defaultMode"])
        for (index, value) in (source["sources"]?.array ?? []).enumerated() {
            let path = path["sources"][index]
            let projection = VolumeProjection(value)
            let members = (value.object?.members ?? []).filter { !$0.value.isNull }
            for member in members.dropFirst() {
                forbidden(path[member.key], "may not specify more than 1 volume type")
            }
            if members.isEmpty { required(path, "must specify a volume type") }
            for (key, named) in [("secret", projection.secret), ("configMap", projection.configMap)] {
                guard let named else { continue }
                if named.name.isEmpty { required(path[key]["name"]) }
                checkFiles(named.json, path[key])
            }
            if let downward = projection.downwardAPI { checkDownwardFiles(downward, path["downwardAPI"]) }
            if let token = projection.serviceAccountToken {
                checkToken(token, path["serviceAccountToken"])
            }
        }
    }

    private mutating func checkToken(_ token: ServiceAccountTokenProjection, _ path: FieldPath) {
        if token.expirationSeconds < 600 {
            invalid(
                path["expirationSeconds"], token.expirationSeconds,
                "may not specify a duration less than 10 minutes")
        }
        if token.expirationSeconds > 1 << 32 {
            invalid(
                path["expirationSeconds"], token.expirationSeconds,
                "may not specify a duration larger than 2^32 seconds")
        }
        if token.path.isEmpty { required(path["path"]) } else { checkFile(token.path, path["path"]) }
    }

    private mutating func checkEphemeral(_ source: EphemeralVolumeSource, _ path: FieldPath) {
        guard let template = source.volumeClaimTemplate else {
            return required(path["volumeClaimTemplate"])
        }
        checkLabels(template.metadata.labels, path["volumeClaimTemplate"]["metadata"]["labels"])
        checkClaimSpec(template.spec, path["volumeClaimTemplate"]["spec"])
    }
}
