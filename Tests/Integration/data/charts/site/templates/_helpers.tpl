{{- define "site.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
{{- define "site.hook" -}}
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 0
  containers:
  - {name: hook, image: busybox, imagePullPolicy: IfNotPresent, command: [sh, -c, "echo ran; exit {{ .Values.hookExit }}"]}
{{- end }}
