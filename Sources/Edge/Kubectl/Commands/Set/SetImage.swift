internal import EdgeJSON

/// `kubectl set image`
enum SetImage {
    static let spec = CommandSpec(
        "image", "Update the image of a pod template",
        usage:
            "(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N",
        examples: ["kubectl set image deployment/nginx busybox=busybox nginx=nginx:1.9.1"],
        flags: SetCommand.flags,
        run: { call in
            let images = call.arguments.filter { $0.contains("=") }.compactMap { $0.split(atFirst: "=") }
            let resources = call.arguments.filter { !$0.contains("=") }
            if resources.isEmpty, !call.flags.isSet("filename") { throw ResourceQuery.missingResource }
            guard !images.isEmpty else { throw KubectlError("at least one image update is required") }
            try await SetCommand.update(call, resources: resources, done: "image updated") { object, _ in
                var spec = try SetCommand.podSpec(object)
                for (name, image) in images {
                    let hasFound = spec.updateContainers(named: [name]) { $0["image"] = .string(image) }
                    guard hasFound else {
                        throw KubectlError("unable to find container named \(goQuoted(name))")
                    }
                }
                try SetCommand.setPodSpec(spec, in: &object)
            }
        })
}
