public import EdgeBase
internal import EdgeStorage
internal import EdgeTransport
internal import Synchronization

extension APIServer {
    /// Adds to what `/metrics` shows; called each time somebody asks.
    public func attach(metrics source: @escaping @Sendable (inout MetricsText) -> Void) {
        metricSources.withLock { $0.append(source) }
    }

    func metricsResponse() -> HTTPServerResponse {
        var text = MetricsText()
        metrics.write(to: &text)
        writeStorage(to: &text)
        text.family("kubernetes_build_info", "gauge")
        text.sample(
            "kubernetes_build_info",
            [
                ("git_version", configuration.gitVersion), ("git_commit", configuration.gitCommit),
                ("build_date", configuration.buildDate), ("platform", configuration.platform),
            ], 1)
        for source in metricSources.withLock({ $0 }) { source(&text) }
        return HTTPServerResponse(
            200, headers: ["Content-Type": MetricsText.contentType], body: .bytes(Array(text.text.utf8)))
    }

    private func writeStorage(to text: inout MetricsText) {
        let statistics = store.statistics
        text.counter("edge_db_transactions_total", Double(statistics.transactions))
        text.counter("edge_db_bytes_written_total", Double(statistics.bytesWritten))
        text.gauge("edge_db_objects", Double(statistics.objects))
        text.gauge("edge_db_object_bytes", Double(statistics.objectBytes))
        text.gauge("edge_db_history_bytes", Double(statistics.historyBytes))
        text.gauge("edge_db_subscriptions", Double(statistics.subscriptions))
        text.family("apiserver_storage_objects", "gauge")
        text.family("apiserver_resource_objects", "gauge")
        for resource in store.resources {
            let (name, group) = Self.parts(of: resource)
            let count = store.count(resource)
            text.sample("apiserver_storage_objects", [("resource", resource)], count)
            text.sample("apiserver_resource_objects", [("group", group), ("resource", name)], count)
        }
    }

    /// `deployments.apps` is `deployments` and `apps`.
    private static func parts(of resource: String) -> (name: String, group: String) {
        guard let dot = resource.firstIndex(of: ".") else { return (resource, "") }
        return (String(resource[..<dot]), String(resource[resource.index(after: dot)...]))
    }
}
