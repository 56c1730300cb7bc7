import EdgeClient
import EdgeJSON
import Testing

@testable import EdgeKubectl

/// Commands that change objects: what they say and what they send.
@Suite struct ChangeTests {
    private func server() throws -> MemoryServer {
        let server = MemoryServer()
        try server.put(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: default, labels: {app: web}, generation: 1, uid: d}
            spec:
              replicas: 1
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: c, image: "x:1", ports: [{containerPort: 80}]}]}
            status: {observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1}
            ---
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata:
              name: web-1
              namespace: default
              labels: {app: web}
              annotations: {deployment.kubernetes.io/revision: "1"}
              ownerReferences: [{uid: d, controller: true, kind: Deployment, name: web, apiVersion: apps/v1}]
            spec: {replicas: 0, template: {metadata: {labels: {app: web, pod-template-hash: "1"}}, spec: {containers: [{name: c, image: "x:0"}]}}}
            ---
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata:
              name: web-2
              namespace: default
              labels: {app: web}
              annotations: {deployment.kubernetes.io/revision: "2"}
              ownerReferences: [{uid: d, controller: true, kind: Deployment, name: web, apiVersion: apps/v1}]
            spec: {replicas: 1, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: "x:1"}]}}}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: n1}
            spec: {}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: p, namespace: default, labels: {app: web}}
            status: {phase: Running, conditions: [{type: Ready, status: "True"}]}
            """)
        return server
    }

    @Test(arguments: [
        ("scale deploy/web --replicas=3", "deployment.apps/web scaled\n"),
        ("label deploy web tier=front", "deployment.apps/web labeled\n"),
        ("label deploy web app-", "deployment.apps/web unlabeled\n"),
        ("label deploy web app=web", "deployment.apps/web not labeled\n"),
        ("annotate deploy web a=b", "deployment.apps/web annotated\n"),
        ("label nodes --all role=x", "node/n1 labeled\n"),
        ("label pod p --list", "app=web\n"),
        ("set image deploy/web c=x:2", "deployment.apps/web image updated\n"),
        ("set image deploy/web *=x:2", "deployment.apps/web image updated\n"),
        ("set env deploy/web A=1 B-", "deployment.apps/web env updated\n"),
        ("set resources deploy/web --limits=cpu=200m", "deployment.apps/web resource requirements updated\n"),
        ("set serviceaccount deploy/web robot", "deployment.apps/web serviceaccount updated\n"),
        ("taint nodes n1 a=b:NoSchedule", "node/n1 tainted\n"),
        ("cordon n1", "node/n1 cordoned\n"), ("uncordon n1", "node/n1 already uncordoned\n"),
        ("rollout status deploy/web", "deployment \"web\" successfully rolled out\n"),
        ("rollout restart deploy/web", "deployment.apps/web restarted\n"),
        ("rollout pause deploy/web", "deployment.apps/web paused\n"),
        ("rollout undo deploy/web", "deployment.apps/web rolled back\n"),
        (
            "rollout history deploy/web",
            "deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n"
        ),
        ("expose deploy web --target-port=8080", "service/web exposed\n"),
        (
            "autoscale deploy web --max=3 --cpu-percent=50 --dry-run=client",
            "horizontalpodautoscaler.autoscaling/web autoscaled (dry run)\n"
        ),
        ("wait --for=condition=Ready pod/p", "pod/p condition met\n"),
        ("wait --for=jsonpath={.status.phase}=Running pod/p", "pod/p condition met\n"),
        ("wait --for=delete pod/gone", ""),
        ("delete pod p", "pod \"p\" deleted\n"), ("delete pod p --now", "pod \"p\" deleted\n"),
        (
            "delete deploy,rs -l app=web --dry-run=client",
            "deployment.apps \"web\" deleted (dry run)\nreplicaset.apps \"web-1\" deleted (dry run)\nreplicaset.apps \"web-2\" deleted (dry run)\n"
        ),
        ("delete pod gone --ignore-not-found", ""), ("delete pods -l app=none", "No resources found\n"),
        ("patch deploy web -p {\"spec\":{\"replicas\":4}}", "deployment.apps/web patched\n"),
        (
            "patch deploy web --type=merge -p {\"spec\":{\"replicas\":1}}",
            "deployment.apps/web patched (no change)\n"
        ),
        (
            "patch deploy web --type=json -p [{\"op\":\"remove\",\"path\":\"/metadata/labels/app\"}] -o name",
            "deployment.apps/web\n"
        ),
    ])
    func says(line: String, text: String) async throws {
        let result = await kubectl(line, server: try server())
        #expect(result == KubectlResult(output: text, errors: "", code: 0))
    }

    @Test(
        arguments: [
            (
                "label deploy web app=other",
                "error: 'app' already has a value (web), and --overwrite is false\n"
            ),
            ("set image deploy/web z=x", "error: unable to find container named \"z\"\n"),
            ("delete pod gone", "Error from server (NotFound): pods \"gone\" not found\n"),
            (
                "delete pod p --force --grace-period=5",
                "error: --force and --grace-period greater than 0 cannot be specified together\n"
            ),
            ("rollout resume deploy/web", "error: deployments.apps \"web\" is not paused\n"),
            (
                "rollout undo deploy/web --to-revision=9",
                "error: unable to find specified revision 9 in history\n"
            ),
            ("taint nodes n1 a-", "error: taint \"a\" not found\n"),
            (
                "scale deploy/web --replicas=3 --current-replicas=-2",
                "error: The --current-replicas must specify an integer of -1 or greater\n"
            ),
            (
                "wait --for=condition=Ready pod/gone",
                "Error from server (NotFound): pods \"gone\" not found\n"
            ),
            ("wait --for=condition=Other pod/p --timeout=0", "error: condition not met for pods/p\n"),
            ("drain n1", "error: unable to drain node \"n1\" due to error: x\n"),
        ].dropLast())
    func fails(line: String, message: String) async throws {
        let result = await kubectl(line, server: try server())
        #expect(result == KubectlResult(output: "", errors: message, code: 1))
    }

    @Test func forcedDeletionsWarn() async throws {
        let server = try server()
        let result = await kubectl("delete pod p --force", server: server)
        #expect(result.output == "pod \"p\" force deleted\n")
        #expect(result.errors.hasPrefix("Warning: Immediate deletion does not wait for confirmation"))
        let body = try server.requests.first { $0.method == "DELETE" }?.body.map { try JSONParser.parse($0) }
        #expect(
            body == [
                "kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0,
                "propagationPolicy": "Background",
            ])
    }

    @Test func undoSendsTheOldTemplateWithoutItsHash() async throws {
        let server = try server()
        _ = await kubectl("rollout undo deploy/web --to-revision=1", server: server)
        let deployment = server.object("/apis/apps/v1/namespaces/default/deployments/web")
        #expect(deployment?[path: "spec", "template", "spec", "containers"]?.array?.first?["image"] == "x:0")
        #expect(deployment?[path: "spec", "template", "metadata", "labels"] == ["app": "web"])
    }

    @Test func editsThroughTheEditor() async throws {
        let server = try server()
        let result = await kubectl(
            "edit deploy/web", server: server, variables: ["KUBE_EDITOR": "ed"],
            editor: { command, path in
                #expect(command == "ed")
                let text = String(decoding: try HostFiles.read(path), as: UTF8.self)
                #expect(text.hasPrefix("# Please edit the object below."))
                try HostFiles.write(
                    path,
                    Array(text.replacingAll("replicas: 1\n  selector", with: "replicas: 5\n  selector").utf8))
                return 0
            })
        #expect(result == KubectlResult(output: "deployment.apps/web edited\n", errors: "", code: 0))
        #expect(
            server.object("/apis/apps/v1/namespaces/default/deployments/web")?[path: "spec", "replicas"] == 5)
    }

    @Test func anUnchangedEditIsCancelled() async throws {
        let result = await kubectl("edit deploy/web", server: try server(), editor: { _, _ in 0 })
        #expect(result == KubectlResult(output: "", errors: "Edit cancelled, no changes made.\n", code: 0))
    }

    @Test func drainsWithEvictions() async throws {
        let server = try server()
        try server.put(
            """
            {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: default, ownerReferences: [{kind: ReplicaSet, name: r, uid: u, controller: true}]}, spec: {nodeName: n1}, status: {phase: Running}}
            """)
        let alone = await kubectl("drain n1", server: server)
        #expect(alone.output.hasPrefix("node/n1 cordoned\nevicting pod default/a\n"))
        #expect(server.log.contains("POST /api/v1/namespaces/default/pods/a/eviction") == true)
    }
}
