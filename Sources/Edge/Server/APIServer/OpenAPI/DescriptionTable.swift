/// What the commonly explained types and fields mean, for `kubectl explain` and the documentation panes of
/// user interfaces. A line is a type and what it is; the indented lines below it are its fields.
enum DescriptionTable {
    static let text = """
        meta.v1.ObjectMeta: Name, labels and history of an object; every stored object has it.
          name: The name, unique among the objects of its kind in the namespace. It cannot be changed.
          generateName: The begin of a name that the server completes with random letters when name is empty.
          namespace: The namespace that the object is in; empty for objects of the whole cluster.
          labels: Short names and values by which objects are selected and grouped.
          annotations: Names and values for tools; nothing selects by them.
          uid: Given by the server; no two objects ever have the same, not even one after the other.
          resourceVersion: Changes with every write. An update that names an old one is refused.
          generation: Counts the changes of what is wanted (the spec).
          creationTimestamp: When the object was created.
          deletionTimestamp: When the object is to be gone; set by the server when it is deleted gracefully.
          deletionGracePeriodSeconds: How many seconds the deletion may take.
          finalizers: Names of those who have work to do before the object goes; it stays until the list is empty.
          ownerReferences: The objects that this one belongs to; it goes when all of them are gone.
          managedFields: Who set which fields, for server-side apply.
          selfLink: No longer used.
        meta.v1.ListMeta: What a list says about itself.
          resourceVersion: The revision that the list shows; a watch can begin there.
          continue: The token with which the next part of the list is asked for; empty at the end.
          remainingItemCount: How many objects follow in later parts.
        meta.v1.OwnerReference: Names an object that owns this one.
          controller: Whether the owner is the one that manages this object.
          blockOwnerDeletion: Whether a foreground deletion of the owner waits for this object.
        meta.v1.LabelSelector: Selects objects by their labels; all requirements have to hold.
          matchLabels: Labels with the value that they must have.
          matchExpressions: Further requirements.
        meta.v1.LabelSelectorRequirement: A label and what has to hold for it.
          key: The label.
          operator: In, NotIn, Exists or DoesNotExist.
          values: The values for In and NotIn.
        meta.v1.Condition: One aspect of the state of an object.
          type: The name of the aspect.
          status: True, False or Unknown.
          reason: Why, in one word.
          message: Why, for people.
          lastTransitionTime: When the status changed.
          observedGeneration: The generation that the condition is about.
        meta.v1.DeleteOptions: How a deletion is to be done.
          gracePeriodSeconds: How many seconds the object may take to end; 0 is at once.
          propagationPolicy: What becomes of owned objects: Orphan, Background or Foreground.
          preconditions: What has to hold, else nothing is deleted.
          dryRun: All: do everything but delete.
        meta.v1.Status: The outcome of a request that gives no object, usually a failure.
          status: Success or Failure.
          message: What happened, for people.
          reason: What happened, in one word for programs.
          code: The HTTP status.
          details: What the message is about.
        core.v1.Pod: One or more containers that run together on a node and share address and volumes.
          spec: What is to run.
          status: How it is going; written by the node.
        core.v1.PodSpec: What a pod runs and what it needs.
          containers: The containers; there is at least one.
          initContainers: Containers that run one after the other before the others start. One with restartPolicy Always keeps running beside them.
          ephemeralContainers: Containers added for debugging; see kubectl debug.
          volumes: The volumes that containers can mount.
          restartPolicy: Always (the default), OnFailure or Never.
          terminationGracePeriodSeconds: How long containers may take to end after SIGTERM, 30 seconds by default.
          activeDeadlineSeconds: The pod fails when it has run that long.
          nodeSelector: Labels that the node must have.
          nodeName: The node; set by the scheduler when empty.
          affinity: Which nodes and which neighbours are wanted or avoided.
          tolerations: The taints of nodes that do not keep the pod away.
          topologySpreadConstraints: How pods are to be spread over zones or nodes.
          serviceAccountName: The account under which the pod talks to the API; default when empty.
          automountServiceAccountToken: Whether the account's token is mounted.
          hostNetwork: Use the network of the node.
          hostPID: See the processes of the node.
          hostIPC: Use the IPC namespace of the node.
          hostUsers: False runs the pod in a user namespace of its own.
          shareProcessNamespace: Containers of the pod see one another's processes.
          hostname: The host name; the pod's name when empty.
          subdomain: With hostname: gives the pod a name below a headless service.
          dnsPolicy: ClusterFirst (the default), ClusterFirstWithHostNet, Default or None.
          dnsConfig: Further settings for /etc/resolv.conf.
          hostAliases: Lines for /etc/hosts.
          imagePullSecrets: Secrets with credentials for registries.
          securityContext: Users, groups and further restrictions for all containers.
          schedulerName: Who assigns a node.
          priorityClassName: The name of a priority class; pods of lower priority give way.
          priority: The priority as a number; from the class.
          preemptionPolicy: Whether the pod may push out others: PreemptLowerPriority or Never.
          runtimeClassName: The runtime class.
          enableServiceLinks: Whether services appear as environment variables.
          overhead: What the pod needs beyond its containers.
          readinessGates: Conditions that have to be True besides those of the containers.
          resources: What all containers together may use.
          os: The operating system that the pod is made for.
        core.v1.PodStatus: How a pod is going.
          phase: Pending, Running, Succeeded, Failed or Unknown.
          conditions: PodScheduled, Initialized, ContainersReady, Ready and others.
          podIP: The address of the pod.
          podIPs: All addresses of the pod.
          hostIP: The address of the node.
          startTime: When the node took the pod on.
          containerStatuses: The state of each container.
          initContainerStatuses: The state of each init container.
          qosClass: Guaranteed, Burstable or BestEffort.
          message: Why the pod is in this state.
          reason: Why, in one word.
        core.v1.Container: One container of a pod.
          name: Unique in the pod.
          image: The image, such as registry.example.com/name:tag.
          imagePullPolicy: Always, IfNotPresent or Never. Without one: Always for the tag latest, else IfNotPresent.
          command: What to run instead of the image's entry point.
          args: Arguments instead of the image's.
          workingDir: The directory to start in.
          env: Environment variables.
          envFrom: Config maps and secrets whose entries all become environment variables.
          ports: Ports that the container listens on.
          resources: What the container is promised and what it may use at most.
          volumeMounts: Which volumes appear where.
          volumeDevices: Which block devices appear where.
          livenessProbe: The container is started anew when this probe fails.
          readinessProbe: The pod gets no traffic from services while this probe fails.
          startupProbe: The other probes begin when this one has succeeded.
          lifecycle: What is run after the start and before the end.
          securityContext: User, capabilities and further restrictions.
          restartPolicy: For init containers: Always makes it run beside the others.
          stdin: Keep the standard input open.
          stdinOnce: Close the standard input after the first client.
          tty: Give the container a terminal.
          terminationMessagePath: The file whose content becomes the message when the container ends.
          terminationMessagePolicy: File, or FallbackToLogsOnError.
        core.v1.ContainerPort: A port that a container listens on.
          name: A name by which services can refer to the port.
          containerPort: The number of the port.
          hostPort: A port of the node that leads to this one.
          protocol: TCP (the default), UDP or SCTP.
        core.v1.EnvVar: An environment variable.
          name: The name of the variable.
          value: The value; $(NAME) refers to variables before it.
          valueFrom: Where the value comes from.
        core.v1.ResourceRequirements: Promised and largest amounts of resources.
          requests: What is promised; the scheduler goes by it.
          limits: What may be used at most.
        core.v1.Probe: A check that is repeated.
          httpGet: Ask by HTTP; a status of 200 to 399 is success.
          tcpSocket: Open a connection.
          exec: Run a command; exit code 0 is success.
          grpc: Ask the gRPC health service.
          initialDelaySeconds: How long to wait after the start.
          periodSeconds: How often to check, every 10 seconds by default.
          timeoutSeconds: How long to wait for an answer, 1 second by default.
          failureThreshold: How many failures in a row count, 3 by default.
          successThreshold: How many successes in a row count after a failure, 1 by default.
        core.v1.SecurityContext: Restrictions of one container; they go before those of the pod.
          runAsUser: The user's number.
          runAsGroup: The group's number.
          runAsNonRoot: Refuse to run as root.
          privileged: Run with all rights of the host.
          allowPrivilegeEscalation: Whether a process may gain more rights than its parent has.
          readOnlyRootFilesystem: Mount the root file system read-only.
          capabilities: Capabilities to add and to drop.
          seccompProfile: Which system calls are allowed.
        core.v1.PodSecurityContext: Users, groups and restrictions of all containers of a pod.
          fsGroup: The group that owns the volumes.
          runAsUser: The user's number.
          runAsNonRoot: Refuse to run as root.
          supplementalGroups: Further groups of the processes.
          sysctls: Kernel settings of the pod's namespaces.
        core.v1.Volume: Files that containers of the pod can mount.
          name: Unique in the pod.
          emptyDir: An empty directory that lives as long as the pod.
          hostPath: A file or directory of the node.
          configMap: The entries of a config map as files.
          secret: The entries of a secret as files.
          projected: Several sources in one directory.
          downwardAPI: Fields of the pod as files.
          persistentVolumeClaim: Storage that outlives the pod.
        core.v1.VolumeMount: Where a volume appears in a container.
          name: The name of the volume.
          mountPath: The path in the container.
          subPath: A path in the volume instead of its root.
          readOnly: Mount it read-only.
        core.v1.PodTemplateSpec: The pods that a controller creates.
        core.v1.Service: A stable address and name for a set of pods.
          spec: Which pods, under which ports.
          status: The addresses of a load balancer.
        core.v1.ServiceSpec: How a service is reached and where it leads.
          selector: Labels of the pods that it leads to.
          ports: The ports of the service.
          type: ClusterIP (the default), NodePort, LoadBalancer or ExternalName.
          clusterIP: The address in the cluster; None for a headless service.
          clusterIPs: The addresses in the cluster.
          externalIPs: Further addresses under which nodes accept traffic.
          externalName: The name that a service of type ExternalName stands for.
          sessionAffinity: None, or ClientIP: a client stays with one pod.
          externalTrafficPolicy: Cluster, or Local: only pods on the node that got the traffic.
          internalTrafficPolicy: Cluster, or Local: only pods on the client's node.
          publishNotReadyAddresses: Lead to pods that are not ready, too.
        core.v1.ServicePort: A port of a service.
          name: Needed where there are several ports.
          port: The port of the service.
          targetPort: The port of the pods, a number or a name.
          nodePort: The port on every node.
          protocol: TCP (the default), UDP or SCTP.
        core.v1.ConfigMap: Settings that pods read as variables or files.
          data: Texts by name.
          binaryData: Bytes by name, in Base64.
          immutable: Refuse changes.
        core.v1.Secret: Confidential data that pods read as variables or files.
          data: Values in Base64.
          stringData: Values as they are; on a write they go into data.
          type: What the entries mean, such as Opaque or kubernetes.io/tls.
          immutable: Refuse changes.
        core.v1.Namespace: A space of names for objects; deleting it deletes all of them.
        core.v1.Node: A machine that runs pods.
          spec: What is wanted of the node.
          status: What the node has and how it is.
        core.v1.NodeSpec: What is wanted of a node.
          unschedulable: Take no new pods; see kubectl cordon.
          taints: What keeps pods away that do not tolerate it.
          podCIDR: The addresses of its pods.
        core.v1.NodeStatus: What a node has and how it is.
          capacity: All its resources.
          allocatable: What is left for pods.
          conditions: Ready, MemoryPressure, DiskPressure and others.
          addresses: Its addresses and names.
          nodeInfo: Versions and identity.
          images: The images that it has.
        core.v1.ServiceAccount: An identity for processes in pods.
        core.v1.PersistentVolumeClaim: A request for storage.
        core.v1.PersistentVolume: A piece of storage.
        core.v1.Event: Something that happened to an object.
          reason: What happened, in one word.
          message: What happened, for people.
          type: Normal or Warning.
          involvedObject: The object that it is about.
          count: How often it happened.
        core.v1.ReplicationController: Keeps a number of pods running; superseded by Deployment.
        core.v1.ResourceQuota: Limits what a namespace may use.
        core.v1.LimitRange: Defaults and limits for the resources of pods in a namespace.
        core.v1.Endpoints: The addresses behind a service; superseded by EndpointSlice.
        core.v1.Toleration: A taint that does not keep a pod away.
        core.v1.LocalObjectReference: Names an object in the same namespace.
        core.v1.ObjectReference: Names an object.
        apps.v1.Deployment: Keeps a number of equal pods running and rolls out changes step by step.
          spec: What is to run, and how changes are rolled out.
          status: How far it is.
        apps.v1.DeploymentSpec: What a deployment runs.
          replicas: How many pods; 1 by default.
          selector: The labels of its pods; they must match the template and cannot be changed.
          template: The pods that it creates.
          strategy: How pods are replaced on a change.
          minReadySeconds: How long a new pod has to be ready before it counts.
          revisionHistoryLimit: How many old replica sets are kept for a rollback, 10 by default.
          progressDeadlineSeconds: After how long without progress the rollout counts as failed, 600 by default.
          paused: Do not roll out changes for now.
        apps.v1.DeploymentStrategy: How pods are replaced.
          type: RollingUpdate (the default) or Recreate.
          rollingUpdate: The steps of a rolling update.
        apps.v1.RollingUpdateDeployment: The steps of a rolling update.
          maxSurge: How many pods there may be beyond the wanted number, 25% by default.
          maxUnavailable: How many pods may be missing, 25% by default.
        apps.v1.DeploymentStatus: How far a deployment is.
          replicas: How many pods there are.
          updatedReplicas: How many have the newest template.
          readyReplicas: How many are ready.
          availableReplicas: How many have been ready long enough.
          unavailableReplicas: How many are missing.
          observedGeneration: The generation that the status is about.
          conditions: Available, Progressing and ReplicaFailure.
        apps.v1.ReplicaSet: Keeps a number of equal pods running; usually made by a deployment.
        apps.v1.StatefulSet: Keeps numbered pods with names and storage of their own.
        apps.v1.StatefulSetSpec: What a stateful set runs.
          replicas: How many pods; 1 by default.
          selector: The labels of its pods.
          template: The pods that it creates.
          serviceName: The headless service that gives the pods their names.
          volumeClaimTemplates: The claims that each pod gets.
          podManagementPolicy: OrderedReady (the default) or Parallel.
          updateStrategy: How pods are replaced on a change.
        apps.v1.DaemonSet: Runs one pod on every node.
        apps.v1.DaemonSetSpec: What a daemon set runs.
          selector: The labels of its pods.
          template: The pods that it creates.
          updateStrategy: How pods are replaced on a change.
        apps.v1.ControllerRevision: An earlier state of a daemon set or stateful set.
        batch.v1.Job: Runs pods until a number of them has succeeded.
        batch.v1.JobSpec: What a job runs.
          template: The pods that it creates.
          completions: How many pods have to succeed.
          parallelism: How many run at the same time.
          backoffLimit: How many failures are tolerated, 6 by default.
          activeDeadlineSeconds: How long the job may take.
          ttlSecondsAfterFinished: How long after its end it is deleted.
          suspend: Do not run for now.
        batch.v1.CronJob: Starts jobs at the times of a schedule.
        batch.v1.CronJobSpec: When jobs are started, and which.
          schedule: The times in cron's form: minute, hour, day, month, weekday.
          timeZone: The time zone of the schedule.
          jobTemplate: The jobs that are started.
          concurrencyPolicy: Allow (the default), Forbid or Replace a job that still runs.
          suspend: Start none for now.
          startingDeadlineSeconds: How late a job may still be started.
          successfulJobsHistoryLimit: How many finished jobs are kept, 3 by default.
          failedJobsHistoryLimit: How many failed jobs are kept, 1 by default.
        networking.v1.Ingress: Rules by which HTTP requests from outside reach services.
        networking.v1.IngressSpec: The rules of an ingress.
          rules: Which hosts and paths lead to which services.
          tls: Certificates for hosts.
          ingressClassName: Who serves the rules.
          defaultBackend: Where requests go that match no rule.
        networking.v1.NetworkPolicy: Which traffic the selected pods may receive and send.
        networking.v1.NetworkPolicySpec: The rules of a network policy.
          podSelector: The pods that it is about; empty means all of the namespace.
          ingress: What may come in.
          egress: What may go out.
          policyTypes: Ingress, Egress or both.
        rbac.v1.Role: Rights in one namespace.
          rules: What is allowed.
        rbac.v1.ClusterRole: Rights in the whole cluster.
          rules: What is allowed.
          aggregationRule: Gathers the rules of other cluster roles.
        rbac.v1.RoleBinding: Gives the rights of a role to users, groups or service accounts in one namespace.
          subjects: Who gets the rights.
          roleRef: The role; it cannot be changed.
        rbac.v1.ClusterRoleBinding: Gives the rights of a cluster role everywhere.
          subjects: Who gets the rights.
          roleRef: The cluster role; it cannot be changed.
        rbac.v1.PolicyRule: What is allowed.
          verbs: What may be done, such as get, list or create; * for everything.
          apiGroups: The groups of the resources.
          resources: The resources, such as pods or pods/log.
          resourceNames: Only these objects.
          nonResourceURLs: Paths that are no resources.
        policy.v1.PodDisruptionBudget: How many pods of a set may be away at the same time.
        autoscaling.v2.HorizontalPodAutoscaler: Adapts the number of pods to what they use.
        autoscaling.v1.Scale: The number of pods of a controller.
        coordination.v1.Lease: A claim that has to be renewed, such as a node's sign of life.
        discovery.v1.EndpointSlice: Addresses behind a service.
        storage.v1.StorageClass: A way in which storage is provided.
        scheduling.v1.PriorityClass: A name for a priority.
        apiextensions.v1.CustomResourceDefinition: Adds a kind of object to the API.
        certificates.v1.CertificateSigningRequest: A request for a certificate.
        """
}
