internal import EdgeAPI
internal import EdgeClient
internal import EdgeJSON

/// Generators of Deployments, Jobs and CronJobs.
enum CreateWorkloads {
    static let deployment = Generator.spec(
        "deployment", aliases: ["deploy"], "Create a deployment with the specified name",
        usage: "NAME --image=image -- [COMMAND] [args...]",
        examples: [
            "kubectl create deployment my-dep --image=nginx --replicas=3",
            "kubectl create deployment my-dep --image=busybox -- date",
        ],
        flags: [
            FlagSpec("image", nil, .strings, "Image to run; several for several containers."),
            FlagSpec("port", nil, .int, default: "-1", "Port that the container exposes."),
            FlagSpec("replicas", "r", .int, default: "1", "How many pods."),
        ], required: ["image"]
    ) { call, name in
        let images = call.flags.strings("image")
        guard !images.isEmpty else { throw KubectlError("at least one image must be specified") }
        let command = call.argumentsAfterDash
        guard images.count == 1 || command.isEmpty else {
            throw KubectlError("cannot specify multiple --image options and command")
        }
        guard call.flags.int("replicas") >= 0 else {
            throw KubectlError(
                "invalid value for --replicas: \(call.flags.int("replicas")), must be >= 0")
        }
        var containers = images.map { container(name: containerName($0), image: $0, command: command) }
        if call.flags.int("port") >= 0 {
            containers[0]["ports"] = [["containerPort": .int(Int64(call.flags.int("port")))]]
        }
        let labels = ["app": name]
        var value = JSONValue.object("apps/v1", "Deployment", name: name, labels: labels)
        value["spec"] = [
            "replicas": .int(Int64(call.flags.int("replicas"))),
            "selector": ["matchLabels": .strings(labels)], "strategy": [:],
            "template": [
                "metadata": ["labels": .strings(labels)], "spec": ["containers": .array(containers)],
            ],
        ]
        value["status"] = [:]
        return value
    }

    /// The last part of the image's name without tag and digest, with what a name may not have left out.
    static func containerName(_ image: String) -> String {
        var name = image.split(separator: "/").last.map(String.init) ?? image
        for mark in [":", "@"] as [Character] { name = name.split(atFirst: mark)?.0 ?? name }
        return String(name.lowercased().map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "-" })
    }

    private static func container(name: String, image: String, command: [String]) -> JSONValue {
        var container: JSONValue = [
            "image": .string(image), "name": .string(name), "resources": [:],
        ]
        if !command.isEmpty { container["command"] = .strings(command) }
        return container
    }

    static let job = Generator.spec(
        "job", "Create a job with the specified name",
        usage: "NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]",
        examples: [
            "kubectl create job my-job --image=busybox -- date",
            "kubectl create job test-job --from=cronjob/a-cronjob",
        ],
        flags: [
            FlagSpec("image", nil, .string, "Image to run."),
            FlagSpec("from", nil, .string, "CronJob to take the template from: cronjob/name."),
        ]
    ) { call, name in
        let (image, from) = (call.flags.string("image"), call.flags.string("from"))
        guard image.isEmpty != from.isEmpty else {
            throw KubectlError("either --image or --from must be specified")
        }
        if !from.isEmpty {
            guard call.argumentsAfterDash.isEmpty else {
                throw KubectlError("cannot specify --from and command")
            }
            return try await job(name, from: from, call)
        }
        var value = JSONValue.object("batch/v1", "Job", name: name)
        value["spec"] = [
            "template": [
                "metadata": [:],
                "spec": [
                    "containers": [container(name: name, image: image, command: call.argumentsAfterDash)],
                    "restartPolicy": "Never",
                ],
            ]
        ]
        value["status"] = [:]
        return value
    }

    /// A run of a CronJob by hand.
    private static func job(_ name: String, from: String, _ call: Invocation) async throws -> JSONValue {
        guard let (type, cronName) = from.split(atFirst: "/") else {
            throw KubectlError("from must be a CronJob in the form cronjob/name")
        }
        let resource = try await call.session.mapper().resource(named: type)
        guard resource.kind == "CronJob" else {
            throw KubectlError("from must be an existing cronjob, not \(resource.kind)")
        }
        let cron = try await call.session.resources()
            .get(resource, namespace: call.session.namespace(), name: cronName)
        var value = JSONValue.object("batch/v1", "Job", name: name)
        let template = cron.json["spec"]?["jobTemplate"]
        var annotations: [String: String] = ["cronjob.kubernetes.io/instantiate": "manual"]
        for member in template?.at("metadata", "annotations")?.object ?? JSONObject() {
            annotations[member.key] = member.value.string
        }
        value[path: "metadata", "annotations"] = .strings(annotations)
        if let labels = template?.at("metadata", "labels") { value[path: "metadata", "labels"] = labels }
        value[path: "metadata", "ownerReferences"] = [
            [
                "apiVersion": "batch/v1", "kind": "CronJob", "name": .string(cron.name),
                "uid": .string(cron.uid), "controller": true,
            ]
        ]
        value["spec"] = template?["spec"] ?? [:]
        value["status"] = [:]
        return value
    }

    static let cronJob = Generator.spec(
        "cronjob", aliases: ["cj"], "Create a cron job with the specified name",
        usage: "NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...]",
        examples: ["kubectl create cronjob my-job --image=busybox --schedule=\"*/1 * * * *\" -- date"],
        flags: [
            FlagSpec("image", nil, .string, "Image to run."),
            FlagSpec("schedule", nil, .string, "When, in cron form."),
            FlagSpec("restart", nil, .string, "OnFailure or Never."),
        ]
    ) { call, name in
        let missing = ["image", "schedule"].filter { call.flags.string($0).isEmpty }
        guard missing.isEmpty else {
            throw KubectlError(
                "required flag(s) \(missing.map(goQuoted).joined(separator: ", ")) not set")
        }
        let restart = call.flags.string("restart")
        var value = JSONValue.object("batch/v1", "CronJob", name: name)
        let container = container(
            name: name, image: call.flags.string("image"), command: call.argumentsAfterDash)
        value["spec"] = [
            "jobTemplate": [
                "metadata": ["name": .string(name)],
                "spec": [
                    "template": [
                        "metadata": [:],
                        "spec": [
                            "containers": [container],
                            "restartPolicy": .string(restart.isEmpty ? "OnFailure" : restart),
                        ],
                    ]
                ],
            ], "schedule": .string(call.flags.string("schedule")),
        ]
        value["status"] = [:]
        return value
    }
}
