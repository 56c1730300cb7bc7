internal import EdgeJSON

extension Schema {
    /// As Go names the type in errors.
    func goName(_ type: ValueType) -> String {
        switch type {
        case .string: "string"
        case .bool: "bool"
        case .int32: "int32"
        case .int64: "int64"
        case .double: "float64"
        case .quantity: "resource.Quantity"
        case .intOrString: "intstr.IntOrString"
        case .time: "v1.Time"
        case .microTime: "v1.MicroTime"
        case .bytes: "[]uint8"
        case .rawExtension: "runtime.RawExtension"
        case .fieldsV1: "v1.FieldsV1"
        case .json: "v1.JSON"
        case .schemaOrArray: "v1.JSONSchemaPropsOrArray"
        case .schemaOrBool: "v1.JSONSchemaPropsOrBool"
        case .schemaOrStrings: "v1.JSONSchemaPropsOrStringArray"
        case .object(let id): self[id].goName
        }
    }

    /// What Go makes of a null among the elements of a list or a map.
    func zeroElement(_ type: ValueType) -> JSONValue {
        switch type {
        case .string, .bytes: .string("")
        case .bool: .bool(false)
        case .int32, .int64, .double, .intOrString: .int(0)
        case .quantity: .string("0")
        case .object(let id): emptyValues[Int(id.index)]
        default: .null
        }
    }
}

extension JSONValue {
    /// As Go names the kind of a JSON value in errors.
    var goName: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int, .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// A scalar that `omitempty` leaves out.
    var isZeroScalar: Bool {
        switch self {
        case .string(let text): text.isEmpty
        case .int(let number): number == 0
        case .double(let number): number == 0
        case .bool(let flag): !flag
        default: false
        }
    }
}
