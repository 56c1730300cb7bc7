internal import EdgeAPI

/// Prefers nodes that have the pod's images: on a small host a pull is what takes longest.
enum ImageLocality {
    private static let megabyte = 1024 * 1024
    private static let minimum = 23 * megabyte
    private static let maximumPerContainer = 1000 * megabyte

    static func scores(_ pod: PodInfo, _ nodes: [NodeInfo]) -> [Int] {
        let images = pod.pod.spec.containers.map { normalized($0.image) }
        guard !images.isEmpty else { return nodes.map { _ in 0 } }
        let sizes = nodes.map { node in
            var sizes: [String: Int] = [:]
            for image in node.node.status.images {
                for name in image.names { sizes[normalized(name)] = image.sizeBytes }
            }
            return sizes
        }
        return sizes.map { present in
            let sum = images.reduce(0) { sum, image in
                guard let size = present[image] else { return sum }
                // An image that few nodes have counts less, or all pods would gather there.
                return sum + size * sizes.count { $0[image] != nil } / nodes.count
            }
            let highest = maximumPerContainer * images.count
            return Normalization.maximum * (min(max(sum, minimum), highest) - minimum) / (highest - minimum)
        }
    }

    /// With a tag, as nodes report the names.
    private static func normalized(_ name: String) -> String {
        let last = name.split(separator: "/").last ?? ""
        return last.contains(":") || last.contains("@") ? name : name + ":latest"
    }
}
