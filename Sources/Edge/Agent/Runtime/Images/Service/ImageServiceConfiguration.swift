public import EdgeBase
public import Logging

/// How a node gets and keeps its images.
public struct ImageServiceConfiguration: Sendable {
    /// `<data-dir>/agent/images-store`; made when missing.
    public var directory: String
    public var registries = RegistryConfiguration()
    public var proxy = ProxySettings()
    public var platform = ImagePlatform.host
    public var limits = ImageLimits()
    public var timeouts = RegistryTimeouts()
    public var retry = RetryPolicy()
    /// Layers fetched and unpacked at the same time.
    public var parallelLayers = 3
    public var clock: any WallClock = SystemWallClock()
    public var logger: Logger

    public init(directory: String, logger: Logger) {
        self.directory = directory
        self.logger = logger
    }
}
