internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

extension TableLayouts {
    static let batch: [String: [TableColumn]] = [
        "jobs.batch": [
            .objectName,
            .text("Status", Job.self) { jobStatus($0) },
            .text("Completions", Job.self) { completions($0) },
            .timed("Duration", Job.self) { job, context in
                guard let start = job.status.startTime else { return "" }
                return HumanDuration.text((job.status.completionTime ?? context.now) - start)
            },
            .age,
        ] + TableColumn.pods(Job.self) { $0.spec.template } + [specSelector],
        "cronjobs.batch": [
            .objectName,
            .text("Schedule", CronJob.self) { $0.spec.schedule },
            .text("Timezone", CronJob.self) { CellText.orNone($0.spec.timeZone ?? "") },
            .text("Suspend", CronJob.self) { CellText.bool($0.spec.json["suspend"].optionalFlag) },
            .number("Active", CronJob.self) { $0.status.active.count },
            .timed("Last Schedule", CronJob.self) { cronJob, context in
                guard let time = cronJob.status.lastScheduleTime else { return "<none>" }
                return context.age(time)
            },
            .age,
        ] + TableColumn.pods(CronJob.self) { $0.spec.jobTemplate.spec.template } + [
            .selector { $0[path: "spec", "jobTemplate", "spec", "selector"] }
        ],
    ]

    private static func jobStatus(_ job: Job) -> String {
        let status = job.status
        if status.isTrue("Complete") { return "Complete" }
        if status.isTrue("Failed") { return "Failed" }
        if job.isBeingDeleted { return "Terminating" }
        for type in ["Suspended", "FailureTarget", "SuccessCriteriaMet"] where status.isTrue(type) {
            return type
        }
        return "Running"
    }

    private static func completions(_ job: Job) -> String {
        let succeeded = job.status.succeeded
        if let wanted = job.spec.completions { return "\(succeeded)/\(wanted)" }
        let parallelism = job.spec.parallelism
        return parallelism > 1 ? "\(succeeded)/1 of \(parallelism)" : "\(succeeded)/1"
    }
}
