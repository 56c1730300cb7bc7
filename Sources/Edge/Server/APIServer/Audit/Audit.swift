internal import EdgeBase
public import EdgeStorage
internal import EdgeTransport

/// The audit log: a policy and where its events go.
public struct Audit: Sendable {
    let policy: AuditPolicy
    let log: RotatingLog

    public init(policy: AuditPolicy, log: RotatingLog) {
        self.policy = policy
        self.log = log
    }

    /// Writes what is queued and ends the log's thread.
    public func close() { log.close() }

    /// The account of a request; nil when the policy wants none.
    func record(
        _ request: HTTPServerRequest, _ info: RequestInfo, real: UserInfo, acting: UserInfo,
        _ clock: any WallClock
    ) -> AuditRecord? {
        let decision = policy.decision(acting, info)
        guard decision.level != .none else { return nil }
        return AuditRecord(
            request: request, info: info, real: real, acting: acting, decision: decision, log: log,
            clock: clock)
    }
}
