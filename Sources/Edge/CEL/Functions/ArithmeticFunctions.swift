/// `+ - * / %` and unary minus (cel-spec langdef, "Numeric Values"): whole numbers never wrap.
enum ArithmeticFunctions {
    static func declare(in table: inout FunctionTable) {
        declareIntegers(in: &table)
        declareDoubles(in: &table)
        declareTimes(in: &table)
        table.global("_+_", "add_string", [.string, .string], .string) { values throws(CELEvaluationError) in
            .string(values[0].asText + values[1].asText)
        }
        table.global("_+_", "add_bytes", [.bytes, .bytes], .bytes) { values throws(CELEvaluationError) in
            .bytes(values[0].asBytes + values[1].asBytes)
        }
        table.global("_+_", "add_list", [.listOfA, .listOfA], .listOfA) { values throws(CELEvaluationError) in
            .list(values[0].asList + values[1].asList)
        }
    }

    static let divisionByZero = CELEvaluationError("division by zero")
    static let modulusByZero = CELEvaluationError("modulus by zero")
    static let intOverflow = CELEvaluationError("integer overflow")
    static let uintOverflow = CELEvaluationError("unsigned integer overflow")
    static let durationOverflow = CELEvaluationError("duration overflow")
    static let timestampOverflow = CELEvaluationError("timestamp overflow")

    private static func declareIntegers(in table: inout FunctionTable) {
        typealias Operation<T> = @Sendable (T, T) -> (T, Bool)
        func declare(
            _ name: String, _ id: String, zero: CELEvaluationError?, _ int: @escaping Operation<Int64>,
            _ uint: @escaping Operation<UInt64>
        ) {
            table.global(name, "\(id)_int64", [.int, .int], .int) { values throws(CELEvaluationError) in
                if let zero, values[1].asInt == 0 { throw zero }
                let (result, overflow) = int(values[0].asInt, values[1].asInt)
                if overflow { throw intOverflow }
                return .int(result)
            }
            table.global(name, "\(id)_uint64", [.uint, .uint], .uint) { values throws(CELEvaluationError) in
                if let zero, values[1].asUint == 0 { throw zero }
                let (result, overflow) = uint(values[0].asUint, values[1].asUint)
                if overflow { throw uintOverflow }
                return .uint(result)
            }
        }
        declare(
            "_+_", "add", zero: nil, { $0.addingReportingOverflow($1) }, { $0.addingReportingOverflow($1) })
        declare(
            "_-_", "subtract", zero: nil, { $0.subtractingReportingOverflow($1) },
            { $0.subtractingReportingOverflow($1) })
        declare(
            "_*_", "multiply", zero: nil, { $0.multipliedReportingOverflow(by: $1) },
            { $0.multipliedReportingOverflow(by: $1) })
        declare(
            "_/_", "divide", zero: divisionByZero, { $0.dividedReportingOverflow(by: $1) },
            { $0.dividedReportingOverflow(by: $1) })
        declare(
            "_%_", "modulo", zero: modulusByZero, { $0.remainderReportingOverflow(dividingBy: $1) },
            { $0.remainderReportingOverflow(dividingBy: $1) })
        table.global("-_", "negate_int64", [.int], .int) { values throws(CELEvaluationError) in
            guard values[0].asInt != .min else { throw intOverflow }
            return .int(-values[0].asInt)
        }
    }

    private static func declareDoubles(in table: inout FunctionTable) {
        let operations: [(String, String, @Sendable (Double, Double) -> Double)] = [
            ("_+_", "add_double", { $0 + $1 }), ("_-_", "subtract_double", { $0 - $1 }),
            ("_*_", "multiply_double", { $0 * $1 }), ("_/_", "divide_double", { $0 / $1 }),
        ]
        for (name, id, operation) in operations {
            table.global(name, id, [.double, .double], .double) { values throws(CELEvaluationError) in
                .double(operation(values[0].asDouble, values[1].asDouble))
            }
        }
        table.global("-_", "negate_double", [.double], .double) { values throws(CELEvaluationError) in
            .double(-values[0].asDouble)
        }
    }

    private static func declareTimes(in table: inout FunctionTable) {
        table.global("_+_", "add_duration_duration", [.duration, .duration], .duration) {
            values throws(CELEvaluationError) in
            try duration(values[0].asDuration.addingReportingOverflow(values[1].asDuration))
        }
        table.global("_-_", "subtract_duration_duration", [.duration, .duration], .duration) {
            values throws(CELEvaluationError) in
            try duration(values[0].asDuration.subtractingReportingOverflow(values[1].asDuration))
        }
        table.global("_+_", "add_timestamp_duration", [.timestamp, .duration], .timestamp) {
            values throws(CELEvaluationError) in
            try time(values[0].asTime, values[1].asDuration)
        }
        table.global("_+_", "add_duration_timestamp", [.duration, .timestamp], .timestamp) {
            values throws(CELEvaluationError) in
            try time(values[1].asTime, values[0].asDuration)
        }
        table.global("_-_", "subtract_timestamp_duration", [.timestamp, .duration], .timestamp) {
            values throws(CELEvaluationError) in
            guard values[1].asDuration != .min else { throw timestampOverflow }
            return try time(values[0].asTime, -values[1].asDuration)
        }
        table.global("_-_", "subtract_timestamp_timestamp", [.timestamp, .timestamp], .duration) {
            values throws(CELEvaluationError) in
            guard let span = values[0].asTime.nanoseconds(since: values[1].asTime) else {
                throw durationOverflow
            }
            return .duration(CELDuration(nanoseconds: span))
        }
        table.global("-_", "negate_duration", [.duration], .duration) { values throws(CELEvaluationError) in
            guard values[0].asDuration != .min else { throw durationOverflow }
            return .duration(CELDuration(nanoseconds: -values[0].asDuration))
        }
    }

    private static func duration(
        _ result: (partialValue: Int64, overflow: Bool)
    ) throws(CELEvaluationError) -> CELValue {
        if result.overflow { throw durationOverflow }
        return .duration(CELDuration(nanoseconds: result.partialValue))
    }

    private static func time(_ time: CELTimestamp, _ nanoseconds: Int64) throws(CELEvaluationError)
        -> CELValue
    {
        guard let sum = time.adding(nanoseconds: nanoseconds) else { throw timestampOverflow }
        return .timestamp(sum)
    }
}
