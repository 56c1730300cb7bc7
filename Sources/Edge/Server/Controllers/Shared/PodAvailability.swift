internal import EdgeAPI
internal import EdgeBase

/// How many pods are ready, and how many have been so for `minReadySeconds`.
struct PodAvailability: Equatable {
    let ready: Int
    let available: Int
    /// When the next ready pod becomes available.
    let nextChange: Duration?

    init(_ pods: [Pod], minReadySeconds: Int, now: Timestamp) {
        var ready = 0
        var available = 0
        var next: Duration?
        for pod in pods where pod.isReady {
            ready += 1
            let since = pod.status.condition("Ready")?.lastTransitionTime ?? now
            let remaining = Duration.seconds(minReadySeconds) - (now - since)
            if remaining <= .zero {
                available += 1
            } else {
                next = min(next ?? remaining, remaining)
            }
        }
        self.ready = ready
        self.available = available
        nextChange = next
    }
}
