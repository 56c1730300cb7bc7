/// The two versions of OpenAPI that Kubernetes serves.
enum OpenAPIFlavor {
    /// Swagger 2.0, one document for everything.
    case v2
    /// 3.0, one document for each group and version.
    case v3

    func reference(_ definition: String) -> String {
        switch self {
        case .v2: "#/definitions/\(definition)"
        case .v3: "#/components/schemas/\(definition)"
        }
    }
}
