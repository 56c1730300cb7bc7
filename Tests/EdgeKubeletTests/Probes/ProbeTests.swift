import EdgeAPI
import EdgeBase
import EdgeJSON
import EdgeRuntime
import Synchronization
import Testing

@testable import EdgeKubelet

struct ProbeStateTests {
    /// `+` success, `-` failure, `?` unknown; the result after each: `T`, `F`, `n` for none.
    @Test(arguments: [
        (ProbeKind.liveness, "{}", "+--+---", "TTTTTTF"),
        (.readiness, #"{"successThreshold":2}"#, "+++---", "FTTTTF"),
        (.readiness, "{}", "+?-?-?-", "TTTTTTF"),
        (.startup, #"{"failureThreshold":2}"#, "-+", "nT"),
        (.startup, #"{"failureThreshold":2}"#, "--", "nF"),
    ])
    func thresholds(_ kind: ProbeKind, _ probe: String, _ outcomes: String, _ results: String) throws {
        var state = ProbeState(kind, Probe(try JSONValue(parsing: probe)))
        var seen = ""
        for outcome in outcomes {
            let before = state.result
            let changed = state.record(
                outcome == "+" ? .success : outcome == "-" ? .failure("x") : .unknown("x"))
            #expect(changed == (state.result != before))
            seen += state.result.map { $0 ? "T" : "F" } ?? "n"
        }
        #expect(seen == results)
    }
}

struct ProberTests {
    private func outcome(_ probe: String, status: Int = 200, exec: (Int32, String) = (0, "")) async throws
        -> ProbeOutcome
    {
        let pod = try makePod(
            #"{"containers":[{"name":"web","image":"i","ports":[{"name":"http","containerPort":80}]}]}"#)
        let runtime = TestRuntime(clock: TestClock())
        runtime.execResult = exec
        let prober = Prober(runtime: runtime, transport: TestProbes(status: status))
        return await prober.run(
            Probe(try JSONValue(parsing: probe)),
            Prober.Target(
                container: pod.spec.containers[0], containerID: "c", address: .v4(IPv4Address(10, 42, 0, 9))),
            userAgent: "kube-probe/1.36")
    }

    @Test func http() async throws {
        #expect(try await outcome(#"{"httpGet":{"port":"http"}}"#) == .success)
        #expect(try await outcome(#"{"httpGet":{"port":80}}"#, status: 399) == .success)
        #expect(
            try await outcome(#"{"httpGet":{"port":80}}"#, status: 500)
                == .failure("HTTP probe failed with statuscode: 500"))
        #expect(try await outcome(#"{"httpGet":{"port":"none"}}"#) == .unknown("couldn't find port: none"))
    }

    @Test func execAndOthers() async throws {
        #expect(try await outcome(#"{"exec":{"command":["true"]}}"#) == .success)
        #expect(try await outcome(#"{"exec":{"command":["false"]}}"#, exec: (1, "no")) == .failure("no"))
        #expect(try await outcome(#"{"tcpSocket":{"port":80}}"#) == .success)
        #expect(
            try await outcome(#"{"grpc":{"port":80}}"#)
                == .unknown("gRPC probes are not supported on this node"))
    }
}

struct ProbeManagerTests {
    @Test func othersWaitForTheStartupProbe() async throws {
        let clock = TestClock()
        let runtime = TestRuntime(clock: clock)
        let seen = Mutex<[ProbeKind]>([])
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(8))
        let manager = ProbeManager(
            prober: Prober(runtime: runtime, transport: TestProbes()), timers: TimerQueue(), clock: clock,
            version: "v1.36.0",
            listener: .init { key, _, _, _ in
                seen.withLock { $0.append(key.kind) }
                continuation.yield()
            })
        let pod = try makePod(
            """
            {"containers":[{"name":"web","image":"i","startupProbe":{"tcpSocket":{"port":1}},
            "readinessProbe":{"tcpSocket":{"port":1}}}]}
            """)
        let state = PodRuntimeState(runs: [
            ContainerRun(
                id: "c", name: "web", attempt: 0, sandboxID: "s", created: clock.now, started: clock.now,
                state: .running)
        ])
        var arrived = stream.makeAsyncIterator()
        manager.update(pod, state, address: .v4(.loopback))
        _ = await arrived.next()
        #expect(seen.withLock { $0 } == [.startup])
        #expect(manager.results(of: pod.uid)["c", .startup] == true)
        #expect(manager.results(of: pod.uid)["c", .readiness] == nil)
        manager.update(pod, state, address: .v4(.loopback))
        _ = await arrived.next()
        #expect(seen.withLock { $0 } == [.startup, .readiness])
        #expect(manager.results(of: pod.uid).isReady(pod.spec.containers[0], "c"))
        manager.stop(pod.uid)
        #expect(manager.results(of: pod.uid).results.isEmpty)
    }
}
