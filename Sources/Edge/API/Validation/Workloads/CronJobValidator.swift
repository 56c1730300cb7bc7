internal import EdgeJSON

extension ObjectValidator {
    static let cronJob: Rule = { object, old, errors in
        let path = FieldPath.spec
        let spec = object["spec"] ?? .null
        let schedule = spec["schedule"].text
        if schedule.isEmpty {
            errors.required(path["schedule"])
        } else if old?[path: "spec", "schedule"].text != schedule {
            errors.checkSchedule(schedule, path["schedule"])
        }
        if let zone = spec["timeZone"].optionalText {
            if zone.isEmpty {
                errors.invalid(path["timeZone"], zone, "timeZone must be nil or non-empty string")
            } else if zone.lowercased() == "local" {
                errors.invalid(
                    path["timeZone"], zone,
                    "timeZone must be an explicit time zone as defined in "
                        + "https://www.iana.org/time-zones")
            }
        }
        for key in ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
            errors.nonNegative(path[key], spec[key].number)
        }
        errors.oneOf(
            path["concurrencyPolicy"], spec["concurrencyPolicy"].text, ["Allow", "Forbid", "Replace"])
        errors.checkJobTemplate(spec["jobTemplate"]?["spec"] ?? .null, path["jobTemplate"]["spec"])
        if old == nil, object.name.utf8.count > 52 {
            // A Job's name is the CronJob's with eleven characters more, and a label's value.
            errors.invalid(.metadata["name"], object.name, "must be no more than 52 characters")
        }
    }
}

extension FieldErrors {
    mutating func checkJobTemplate(_ spec: JSONValue, _ path: FieldPath) {
        checkJobSpec(spec, path)
        if let selector = spec["selector"] {
            invalid(path["selector"], selector, "`selector` will be auto-generated")
        }
        if spec["manualSelector"].flag {
            append(
                FieldError(
                    .notSupported, path["manualSelector"].description, value: true,
                    detail: "supported values: \"nil\", \"false\""))
        }
    }

    mutating func checkSchedule(_ schedule: String, _ path: FieldPath) {
        if schedule.contains("TZ=") {
            invalid(
                path, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
        } else if let message = CronSyntax.problem(in: schedule) {
            invalid(path, schedule, message)
        }
    }
}

/// The five fields of a cron line, or one of its short forms.
enum CronSyntax {
    private static let fields: [(range: ClosedRange<Int>, names: [String: Int])] = [
        (0...59, [:]), (0...23, [:]), (1...31, [:]), (1...12, months), (0...6, days),
    ]
    private static let months = numbered(
        "jan feb mar apr may jun jul aug sep oct nov dec", from: 1)
    private static let days = numbered("sun mon tue wed thu fri sat", from: 0)

    private static func numbered(_ names: String, from start: Int) -> [String: Int] {
        var table: [String: Int] = [:]
        for (index, name) in names.split(separator: " ").enumerated() { table[String(name)] = start + index }
        return table
    }

    /// Why the line cannot be read; nil when it can.
    static func problem(in line: String) -> String? {
        if line.hasPrefix("@") { return shortFormProblem(line) }
        let parts = line.split(whereSeparator: \.isWhitespace).map(String.init)
        guard parts.count == 5 else {
            return "expected exactly 5 fields, found \(parts.count): [\(parts.joined(separator: " "))]"
        }
        for (part, field) in zip(parts, fields) {
            for item in part.split(separator: ",") {
                if let problem = problem(in: String(item), field.range, field.names) { return problem }
            }
        }
        return nil
    }

    private static func shortFormProblem(_ line: String) -> String? {
        let words = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"]
        if words.contains(line) || line.hasPrefix("@every ") { return nil }
        return "unrecognized descriptor: \(line)"
    }

    private static func problem(
        in item: String, _ range: ClosedRange<Int>, _ names: [String: Int]
    ) -> String? {
        let parts = item.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2 else { return "too many slashes: \(item)" }
        if parts.count == 2 {
            guard let step = Int(parts[1]), step >= 0 else {
                return "failed to parse int from \(parts[1])"
            }
            if step == 0 { return "step of range should be a positive number: \(item)" }
        }
        if parts[0] == "*" || parts[0] == "?" { return nil }
        let bounds = parts[0].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard bounds.count <= 2 else { return "too many hyphens: \(item)" }
        var numbers: [Int] = []
        for bound in bounds {
            guard let number = names[bound.lowercased()] ?? Int(bound) else {
                return "failed to parse int from \(bound)"
            }
            numbers.append(number)
        }
        let start = numbers[0]
        let end = numbers.count > 1 ? numbers[1] : start
        if start < range.lowerBound {
            return "beginning of range (\(start)) below minimum (\(range.lowerBound)): \(item)"
        }
        if end > range.upperBound {
            return "end of range (\(end)) above maximum (\(range.upperBound)): \(item)"
        }
        return start > end ? "beginning of range (\(start)) beyond end of range (\(end)): \(item)" : nil
    }
}
