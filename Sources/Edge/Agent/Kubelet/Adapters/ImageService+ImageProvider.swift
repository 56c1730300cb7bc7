public import EdgeRuntime

extension ImageService: ImageProvider {
    public func image(_ reference: String) -> ImageSummary? {
        status(reference).map { ImageSummary($0) }
    }

    public func pull(_ reference: String, dockerConfigs: [[UInt8]]) async throws -> ImageSummary {
        var secrets = PullSecrets()
        for config in dockerConfigs { try secrets.add(dockerConfig: config) }
        return ImageSummary(try await pull(reference, secrets: secrets))
    }

    public func prepare(_ reference: String, holder: String) async throws -> ImageForContainer {
        try use(reference, by: holder)
        do {
            let config = try await config(of: reference)
            // The image service lists the uppermost layer first, the runtime wants the base first.
            var image = ImageForContainer(
                root: .layers(try rootFS(of: reference).lowerDirectories.reversed()))
            image.entrypoint = config.entrypoint
            image.command = config.command
            image.environment = config.environment
            image.workingDirectory = config.workingDirectory
            image.user = config.user
            image.stopSignal = config.stopSignal
            return image
        } catch {
            release(holder)
            throw error
        }
    }

    public func hold(_ reference: String, holder: String) {
        try? use(reference, by: holder)
    }

    public func summaries() -> [ImageSummary] {
        list().map { ImageSummary($0) }
    }

    public func storageUsage() async throws -> FileSystemUsage {
        let usage = try await fileSystemUsage()
        return FileSystemUsage(
            capacity: usage.capacityBytes, available: usage.availableBytes, used: usage.usedBytes,
            inodes: usage.inodes, inodesFree: usage.inodesFree)
    }
}

extension ImageSummary {
    fileprivate init(_ image: StoredImage) {
        self.init(
            id: image.id, reference: image.imageRef, names: image.repoDigests + image.repoTags,
            size: image.size)
    }
}
