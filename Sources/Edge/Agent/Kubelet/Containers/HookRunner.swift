internal import EdgeAPI

/// Runs postStart and preStop.
struct HookRunner: Sendable {
    let prober: Prober

    /// Nil when the hook succeeded; else why not. `limit` bounds the time of a preStop hook.
    func run(_ handler: LifecycleHandler, _ target: Prober.Target, limit: Duration? = nil) async -> String? {
        let outcome: ProbeOutcome
        if let action = handler.exec {
            outcome = await prober.exec(action, target, limit)
        } else if let action = handler.httpGet {
            outcome = await prober.httpGet(
                action, target, limit ?? .seconds(60), userAgent: "kube-lifecycle/1.36")
        } else if let action = handler.sleep {
            let time = Duration.seconds(max(0, action.seconds))
            try? await Task.sleep(for: limit.map { min($0, time) } ?? time)
            outcome = .success
        } else if handler.tcpSocket != nil {
            outcome = .failure("tcpSocket is not supported as a lifecycle handler")
        } else {
            outcome = .failure("invalid handler: no action")
        }
        switch outcome {
        case .success: return nil
        case .failure(let cause), .unknown(let cause): return cause
        }
    }
}
