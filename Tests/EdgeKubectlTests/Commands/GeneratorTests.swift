import EdgeClient
import Testing

@testable import EdgeKubectl

/// Objects that `create`, `run` and `expose` make, as Kubernetes' kubectl prints them.
@Suite struct GeneratorTests {
    @Test(arguments: [
        (
            "create namespace a",
            "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\nspec: {}\nstatus: {}\n"
        ),
        (
            "create configmap c --from-literal=b=1 --from-literal=a=x",
            "apiVersion: v1\ndata:\n  a: x\n  b: \"1\"\nkind: ConfigMap\nmetadata:\n  name: c\n"
        ),
        (
            "create secret generic s --from-literal=b=1 -n web",
            "apiVersion: v1\ndata:\n  b: MQ==\nkind: Secret\nmetadata:\n  name: s\n  namespace: web\n"
        ),
        (
            "create secret docker-registry s --docker-username=u --docker-password=p --docker-email=e",
            "apiVersion: v1\ndata:\n  .dockerconfigjson: eyJhdXRocyI6eyJodHRwczovL2luZGV4LmRvY2tlci5pby92MS8iOnsidXNlcm5hbWUiOiJ1IiwicGFzc3dvcmQiOiJwIiwiZW1haWwiOiJlIiwiYXV0aCI6ImRUcHcifX19\nkind: Secret\nmetadata:\n  name: s\ntype: kubernetes.io/dockerconfigjson\n"
        ),
        (
            "create service nodeport x --tcp=80:8080 --node-port=30000",
            "apiVersion: v1\nkind: Service\nmetadata:\n  labels:\n    app: x\n  name: x\nspec:\n  ports:\n  - name: 80-8080\n    nodePort: 30000\n    port: 80\n    protocol: TCP\n    targetPort: 8080\n  selector:\n    app: x\n  type: NodePort\nstatus:\n  loadBalancer: {}\n"
        ),
        (
            "create clusterrolebinding x --clusterrole=a --user=u --serviceaccount=n:s",
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: x\nroleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: a\nsubjects:\n- apiGroup: rbac.authorization.k8s.io\n  kind: User\n  name: u\n- kind: ServiceAccount\n  name: s\n  namespace: \"n\"\n"
        ),
        (
            "create job x --image=i -- a b",
            "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: x\nspec:\n  template:\n    metadata: {}\n    spec:\n      containers:\n      - command:\n        - a\n        - b\n        image: i\n        name: x\n        resources: {}\n      restartPolicy: Never\nstatus: {}\n"
        ),
        (
            "create quota x --hard=cpu=1,memory=1Gi --scopes=BestEffort",
            "apiVersion: v1\nkind: ResourceQuota\nmetadata:\n  name: x\nspec:\n  hard:\n    cpu: \"1\"\n    memory: 1Gi\n  scopes:\n  - BestEffort\nstatus: {}\n"
        ),
        (
            "create deployment d --image=nginx:1 --port=80 --replicas=2",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels:\n    app: d\n  name: d\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: d\n  strategy: {}\n  template:\n    metadata:\n      labels:\n        app: d\n    spec:\n      containers:\n      - image: nginx:1\n        name: nginx\n        ports:\n        - containerPort: 80\n        resources: {}\nstatus: {}\n"
        ),
        (
            "create ingress x --rule=foo.com/bar*=svc:80,tls=my --class=c --default-backend=d:http --annotation=a=b",
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  annotations:\n    a: b\n  name: x\nspec:\n  defaultBackend:\n    service:\n      name: d\n      port:\n        name: http\n  ingressClassName: c\n  rules:\n  - host: foo.com\n    http:\n      paths:\n      - backend:\n          service:\n            name: svc\n            port:\n              number: 80\n        path: /bar\n        pathType: Prefix\n  tls:\n  - hosts:\n    - foo.com\n    secretName: my\nstatus:\n  loadBalancer: {}\n"
        ),
        (
            "run x --image=i --port=80 --env=a=b --labels=c=d",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    c: d\n  name: x\nspec:\n  containers:\n  - env:\n    - name: a\n      value: b\n    image: i\n    name: x\n    ports:\n    - containerPort: 80\n    resources: {}\n  dnsPolicy: ClusterFirst\n  restartPolicy: Always\nstatus: {}\n"
        ),
        (
            "run x --image=i --restart=Never --command -- sh -c y",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  labels:\n    run: x\n  name: x\nspec:\n  containers:\n  - command:\n    - sh\n    - -c\n    - \"y\"\n    image: i\n    name: x\n    resources: {}\n  dnsPolicy: ClusterFirst\n  restartPolicy: Never\nstatus: {}\n"
        ),
    ])
    func makes(line: String, yaml: String) async {
        let parts = line.split(separator: " -- ", maxSplits: 1)
        let rest = parts.count > 1 ? " -- \(parts[1])" : ""
        let result = await kubectl("\(parts[0]) --dry-run=client -o yaml\(rest)")
        #expect(result == KubectlResult(output: yaml, errors: "", code: 0))
    }

    @Test func tellsWhatWasCreated() async {
        let server = MemoryServer()
        #expect(await kubectl("create ns a", server: server).output == "namespace/a created\n")
        #expect(
            await kubectl("create deploy d --image=i", server: server).output == "deployment.apps/d created\n"
        )
        #expect(
            server.log == [
                "POST /api/v1/namespaces?fieldManager=kubectl-create&fieldValidation=Strict",
                "POST /apis/apps/v1/namespaces/default/deployments?fieldManager=kubectl-create&fieldValidation=Strict",
            ])
        let again = await kubectl("create ns a", server: server)
        #expect(again.errors == "Error from server (AlreadyExists): namespaces \"a\" already exists\n")
    }

    @Test func printsTokens() async {
        let server = MemoryServer()
        server.answer(
            "/api/v1/namespaces/default/serviceaccounts/sa/token", "{\"status\":{\"token\":\"abc\"}}")
        #expect(await kubectl("create token sa --duration=10m", server: server).output == "abc\n")
        #expect(
            server.requests.last?.body.map { String(decoding: $0, as: UTF8.self) }?.contains(
                "\"expirationSeconds\":600") == true)
    }
}
