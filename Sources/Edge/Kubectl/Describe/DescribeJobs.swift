internal import EdgeAPI
internal import EdgeBase
internal import EdgeJSON

/// Jobs and CronJobs.
enum DescribeJobs {
    @Sendable static func job(_ describer: Describer, _ description: inout Description) async throws {
        let object = describer.object
        let (spec, status) = (object["spec"], object["status"])
        description.field(0, "Name", object.name)
        description.field(0, "Namespace", object.namespace)
        description.field(0, "Selector", try LabelSelectorText.text(spec?["selector"]))
        description.metadata(object)
        description.controlledBy(object)
        description.fieldIfPresent(0, "Parallelism", (spec?["parallelism"]).shown)
        description.field(0, "Completions", unset((spec?["completions"]).shown))
        description.fieldIfPresent(0, "Completion Mode", spec?["completionMode"]?.string)
        if spec?["suspend"] != nil { description.field(0, "Suspend", (spec?["suspend"]).goBool) }
        description.fieldIfPresent(0, "Backoff Limit", (spec?["backoffLimit"]).shown)
        description.fieldIfPresent(
            0, "TTL Seconds After Finished", (spec?["ttlSecondsAfterFinished"]).shown)
        times(status, to: &description)
        if let deadline = spec?["activeDeadlineSeconds"]?.int {
            description.field(0, "Active Deadline Seconds", "\(deadline)s")
        }
        let active = (status?["active"]).whole
        let ready = (status?["ready"])?.int.map { " (\($0) Ready)" } ?? ""
        description.field(
            0, "Pods Statuses",
            "\(active) Active\(ready) / \((status?["succeeded"]).whole) Succeeded / "
                + "\((status?["failed"]).whole) Failed")
        if (spec?["completionMode"]).shown == "Indexed" {
            description.field(0, "Completed Indexes", capped((status?["completedIndexes"]).shown))
        }
        DescribePodTemplate.write(spec?["template"], to: &description)
        await describer.events(to: &description)
    }

    private static func times(_ status: JSONValue?, to description: inout Description) {
        let start = status?["startTime"]?.string
        let end = status?["completionTime"]?.string
        if let start { description.field(0, "Start Time", LocalTime.rfc1123(start)) }
        if let end { description.field(0, "Completed At", LocalTime.rfc1123(end)) }
        if let from = start.flatMap({ Timestamp(rfc3339: $0) }),
            let to = end.flatMap({ Timestamp(rfc3339: $0) })
        {
            description.field(0, "Duration", HumanDuration.text(to - from))
        }
    }

    private static func unset(_ text: String) -> String { text.isEmpty ? "<unset>" : text }

    /// At most some fifty characters, cut behind a comma.
    private static func capped(_ indexes: String) -> String {
        guard !indexes.isEmpty else { return "<none>" }
        guard indexes.count > 50, let comma = indexes.dropFirst(50).firstIndex(of: ",") else {
            return indexes
        }
        return String(indexes[...comma]) + "..."
    }

    @Sendable static func cronJob(_ describer: Describer, _ description: inout Description) async throws {
        let object = describer.object
        let (spec, status) = (object["spec"], object["status"])
        description.head(object)
        description.field(0, "Schedule", (spec?["schedule"]).shown)
        description.field(0, "Concurrency Policy", (spec?["concurrencyPolicy"]).shown)
        description.field(0, "Suspend", spec?["suspend"] == nil ? "<unset>" : (spec?["suspend"]).titleBool)
        description.field(0, "Time Zone", unset((spec?["timeZone"]).shown))
        description.field(
            0, "Successful Job History Limit", unset((spec?["successfulJobsHistoryLimit"]).shown))
        description.field(0, "Failed Job History Limit", unset((spec?["failedJobsHistoryLimit"]).shown))
        let deadline = spec?["startingDeadlineSeconds"]?.int.map { "\($0)s" }
        description.field(0, "Starting Deadline Seconds", deadline ?? "<unset>")
        let template = object[path: "spec", "jobTemplate", "spec"]
        description.field(0, "Selector", unset(try LabelSelectorText.text(template?["selector"])))
        description.field(0, "Parallelism", unset((template?["parallelism"]).shown))
        description.field(0, "Completions", unset((template?["completions"]).shown))
        if let seconds = template?["activeDeadlineSeconds"]?.int {
            description.field(0, "Active Deadline Seconds", "\(seconds)s")
        }
        DescribePodTemplate.write(template?["template"], to: &description)
        let last = status?["lastScheduleTime"]?.string
        description.field(0, "Last Schedule Time", last.map { LocalTime.rfc1123($0) } ?? "<unset>")
        let active = (status?["active"]).elements.map { $0["name"].shown }
        description.field(0, "Active Jobs", active.isEmpty ? "<none>" : active.joined(separator: ", "))
        await describer.events(to: &description)
    }
}
