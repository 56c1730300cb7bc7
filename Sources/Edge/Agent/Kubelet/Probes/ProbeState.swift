internal import EdgeAPI

/// How one run of a probe ended.
enum ProbeOutcome: Sendable, Equatable {
    case success
    case failure(String)
    /// Neither: the probe itself could not be run. Changes nothing.
    case unknown(String)
}

/// Counts the runs of one probe of one container; pure.
struct ProbeState: Sendable, Equatable {
    let kind: ProbeKind
    let successThreshold: Int
    let failureThreshold: Int
    /// What the probe says now; nil before it has said anything.
    private(set) var result: Bool?
    private var runs = 0
    private var lastWasSuccess: Bool?

    init(_ kind: ProbeKind, _ probe: Probe) {
        self.kind = kind
        successThreshold = max(1, probe.successThreshold)
        failureThreshold = max(1, probe.failureThreshold)
        // A container is alive until it fails, not ready until it succeeds, and nobody knows whether it has started.
        result =
            switch kind {
            case .liveness: true
            case .readiness: false
            case .startup: nil
            }
    }

    /// Takes over a run; says whether the result is another one now.
    mutating func record(_ outcome: ProbeOutcome) -> Bool {
        let isSuccess: Bool
        switch outcome {
        case .success: isSuccess = true
        case .failure: isSuccess = false
        case .unknown: return false
        }
        runs = lastWasSuccess == isSuccess ? runs + 1 : 1
        lastWasSuccess = isSuccess
        guard runs >= (isSuccess ? successThreshold : failureThreshold), result != isSuccess else {
            return false
        }
        result = isSuccess
        return true
    }

    /// A startup probe ends with its result, and a container that failed a liveness probe is about to end.
    var isFinished: Bool {
        switch kind {
        case .startup: result != nil
        case .liveness: result == false
        case .readiness: false
        }
    }
}
