internal import EdgeAPI

/// Kubernetes' quantities.
enum QuantityFunctions {
    static let type = CELType.opaque("kubernetes.Quantity")

    struct Value: CELOpaqueValue {
        let quantity: Quantity
        var type: CELType { QuantityFunctions.type }
        var text: String { quantity.description }

        func equals(_ other: any CELOpaqueValue) -> Bool { (other as? Value)?.quantity == quantity }
    }

    private static func quantity(_ value: CELValue) -> Quantity {
        if case .opaque(let value) = value, let value = value as? Value { value.quantity } else { .zero }
    }

    private static func parse(_ text: String) throws(CELEvaluationError) -> Quantity {
        do throws(QuantityError) { return try Quantity(text) } catch {
            throw CELEvaluationError(error.description)
        }
    }

    static func declare(in table: inout FunctionTable) {
        table.global("quantity", "string_to_quantity", [.string], type) { values throws(CELEvaluationError) in
            .opaque(Value(quantity: try parse(values[0].asText)))
        }
        table.global("isQuantity", "is_quantity_string", [.string], .bool) {
            values throws(CELEvaluationError) in
            do throws(CELEvaluationError) {
                _ = try parse(values[0].asText)
                return .bool(true)
            } catch { return .bool(false) }
        }
        table.global("sign", "quantity_sign", [type], .int) { values throws(CELEvaluationError) in
            .int(Int64(quantity(values[0]).sign))
        }
        table.member("isInteger", "quantity_is_integer", [type], .bool) { values throws(CELEvaluationError) in
            .bool(integer(quantity(values[0])) != nil)
        }
        table.member("asInteger", "quantity_get_int", [type], .int) { values throws(CELEvaluationError) in
            guard let value = integer(quantity(values[0])) else {
                throw CELEvaluationError("cannot convert value to integer")
            }
            return .int(value)
        }
        table.member("asApproximateFloat", "quantity_get_float", [type], .double) {
            values throws(CELEvaluationError) in
            .double(quantity(values[0]).doubleValue)
        }
        declareTwo(in: &table)
    }

    private static func integer(_ quantity: Quantity) -> Int64? {
        quantity.isWhole ? Int64(exactly: quantity.nanos / 1_000_000_000) : nil
    }

    private static func declareTwo(in table: inout FunctionTable) {
        let both = [type, type]
        table.member("isGreaterThan", "quantity_is_greater_than", both, .bool) {
            values throws(CELEvaluationError) in
            .bool(quantity(values[0]) > quantity(values[1]))
        }
        table.member("isLessThan", "quantity_is_less_than", both, .bool) {
            values throws(CELEvaluationError) in
            .bool(quantity(values[0]) < quantity(values[1]))
        }
        table.member("compareTo", "quantity_compare_to", both, .int) { values throws(CELEvaluationError) in
            let (left, right) = (quantity(values[0]), quantity(values[1]))
            return .int(left < right ? -1 : left == right ? 0 : 1)
        }
        table.member("add", "quantity_add", both, type) { values throws(CELEvaluationError) in
            .opaque(Value(quantity: quantity(values[0]) + quantity(values[1])))
        }
        table.member("sub", "quantity_sub", both, type) { values throws(CELEvaluationError) in
            .opaque(Value(quantity: quantity(values[0]) - quantity(values[1])))
        }
        table.member("add", "quantity_add_int", [type, .int], type) { values throws(CELEvaluationError) in
            .opaque(Value(quantity: quantity(values[0]) + Quantity(values[1].asInt)))
        }
        table.member("sub", "quantity_sub_int", [type, .int], type) { values throws(CELEvaluationError) in
            .opaque(Value(quantity: quantity(values[0]) - Quantity(values[1].asInt)))
        }
    }
}
