import EdgeAPI
import EdgeBase
import EdgeJSON
import EdgeStorage
import Testing

@testable import EdgeAPIServer

@Suite struct PodSecurityTests {
    private static let hardened = """
        securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
        containers: [{name: c, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]
        """

    private func violations(_ spec: String, _ level: PodSecurityLevel.Name, minor: Int? = nil) throws
        -> [String]
    {
        let spec = try #require(try YAML.parse(spec).first)
        return PodSecurityChecks.violations(
            spec: spec, annotations: [:], level: PodSecurityLevel(name: level, minor: minor)
        ).map(\.description)
    }

    @Test(arguments: [
        ("hostNetwork: true\nhostPID: true", "host namespaces (hostNetwork=true, hostPID=true)"),
        ("volumes: [{name: v, hostPath: {path: /}}]", "hostPath volumes (volume \"v\")"),
        (
            "containers: [{name: a, ports: [{hostPort: 80}]}, {name: b, ports: [{hostPort: 81}]}]",
            "hostPort (containers \"a\", \"b\" use hostPorts 80, 81)"
        ),
        (
            "initContainers: [{name: i, securityContext: {privileged: true}}]",
            "privileged (container \"i\" must not set securityContext.privileged=true)"
        ),
        (
            "containers: [{name: a, securityContext: {capabilities: {add: [SYS_ADMIN, CHOWN]}}}]",
            "non-default capabilities (container \"a\" must not include \"SYS_ADMIN\" in securityContext.capabilities.add)"
        ),
        (
            "containers: [{name: a, securityContext: {procMount: Unmasked}}]",
            "procMount (container \"a\" must not set securityContext.procMount to \"Unmasked\")"
        ),
        (
            "securityContext: {seLinuxOptions: {type: bad, user: u}}",
            "seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type \"bad\"; user may not be set)"
        ),
        (
            "securityContext: {seccompProfile: {type: Unconfined}}",
            "seccompProfile (pod must not set securityContext.seccompProfile.type to \"Unconfined\")"
        ),
        ("securityContext: {sysctls: [{name: kernel.x, value: '1'}]}", "forbidden sysctls (kernel.x)"),
        (
            "containers: [{name: a, securityContext: {appArmorProfile: {type: Unconfined}}}]",
            "forbidden AppArmor profile (container \"a\" must not set AppArmor profile type to \"Unconfined\")"
        ),
        (
            "containers: [{name: a, livenessProbe: {httpGet: {port: 1, host: h}}}]",
            "probe or lifecycle host (container \"a\" uses probe or lifecycle host \"h\")"
        ),
        (
            "securityContext: {windowsOptions: {hostProcess: true}}",
            "hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)"
        ),
    ])
    func baseline(_ spec: String, _ violation: String) throws {
        #expect(try violations(spec, .baseline) == [violation])
        #expect(try violations(spec, .privileged) == [])
    }

    @Test func aPlainPodIsBaselineButNotRestricted() throws {
        let plain = "containers: [{name: c, image: i}]"
        #expect(try violations(plain, .baseline) == [])
        #expect(
            try violations(plain, .restricted) == [
                "allowPrivilegeEscalation != false (container \"c\" must set securityContext.allowPrivilegeEscalation=false)",
                "unrestricted capabilities (container \"c\" must set securityContext.capabilities.drop=[\"ALL\"])",
                "runAsNonRoot != true (pod or container \"c\" must set securityContext.runAsNonRoot=true)",
                "seccompProfile (pod or container \"c\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")",
            ])
        #expect(try violations(Self.hardened, .restricted) == [])
    }

    @Test(arguments: [
        (
            "volumes: [{name: v, hostPath: {path: /}}, {name: w, emptyDir: {}}]",
            "restricted volume types (volume \"v\" uses restricted volume type \"hostPath\")"
        ),
        ("hostIPC: true", "host namespaces (hostIPC=true)"),
    ])
    func restricted(_ addition: String, _ violation: String) throws {
        #expect(try violations(Self.hardened + "\n" + addition, .restricted) == [violation])
    }

    @Test func rootIsRefused() throws {
        let root = Self.hardened.replacing("runAsNonRoot: true", with: "runAsNonRoot: true, runAsUser: 0")
        #expect(try violations(root, .restricted) == ["runAsUser=0 (pod must not set runAsUser=0)"])
        #expect(try violations(root, .restricted, minor: 22) == [])
        #expect(try violations(root + "\nhostUsers: false", .restricted) == [])
        let no = Self.hardened.replacing("runAsNonRoot: true", with: "runAsNonRoot: false")
        #expect(
            try violations(no, .restricted)
                == ["runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)"])
    }

    @Test func olderVersionsHaveTheirOwnRules() throws {
        let probe = "containers: [{name: a, livenessProbe: {httpGet: {port: 1, host: h}}}]"
        #expect(try violations(probe, .baseline, minor: 33) == [])
        let sysctl = "securityContext: {sysctls: [{name: net.ipv4.tcp_rmem, value: '1'}]}"
        #expect(try violations(sysctl, .baseline, minor: 31) == ["forbidden sysctls (net.ipv4.tcp_rmem)"])
        #expect(try violations(sysctl, .baseline) == [])
    }

    @Test func namespacesEnforceAndWarn() async throws {
        let test = try await TestRegistry()
        let plugin = PodSecurityAdmission(store: test.registry.store)
        func label(_ mode: String) -> String { "pod-security.kubernetes.io/\(mode)" }
        _ = try await test.create(
            "namespaces",
            [
                "metadata": [
                    "name": "d", "labels": [label("enforce"): "baseline", label("warn"): "restricted"],
                ]
            ])
        func request(_ pod: JSONValue) throws -> AdmissionRequest {
            AdmissionRequest(
                operation: .create, resource: try test.resource("pods"), subresource: "", namespace: "d",
                name: "p", user: .apiServer, object: APIObject(pod), old: nil, isDryRun: false,
                warnings: test.context.warnings)
        }
        #expect {
            try plugin.validate(request(["metadata": ["name": "p"], "spec": ["hostPID": true]]))
        } throws: {
            ($0 as? APIStatus)?.message
                == "pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces (hostPID=true)"
        }
        try plugin.validate(request(["metadata": ["name": "p"], "spec": ["containers": [["name": "c"]]]]))
        #expect(
            test.context.warnings.all.first?.hasPrefix("would violate PodSecurity \"restricted:latest\": ")
                == true)
    }

    @Test func labelsAreChecked() throws {
        func namespace(_ labels: JSONValue) -> APIObject {
            APIObject(["metadata": ["name": "n", "labels": labels]] as JSONObject)
        }
        let bad = namespace([
            "pod-security.kubernetes.io/enforce": "strict", "pod-security.kubernetes.io/warn-version": "1.2",
            "pod-security.kubernetes.io/audit": "restricted",
            "pod-security.kubernetes.io/audit-version": "v1.30",
        ])
        #expect(
            PodSecurityLevel.validate(bad, old: nil).map(\.description) == [
                "metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"strict\": must be one of privileged, baseline, restricted",
                "metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: \"1.2\": must be \"latest\" or \"v1.x\"",
            ])
        #expect(PodSecurityLevel.validate(bad, old: bad).isEmpty)
        #expect(PodSecurityLevel(bad, .enforce).name == .restricted)
        #expect(PodSecurityLevel(bad, .audit).description == "restricted:v1.30")
    }
}
