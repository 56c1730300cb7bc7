internal import EdgeAPI

/// Nothing is created of a kind whose definition is being deleted.
struct CustomResourceLifecycle: AdmissionPlugin {
    let name = "CustomResourceLifecycle"

    func validate(_ request: AdmissionRequest) throws {
        guard request.operation == .create, request.resource.custom?.family.isTerminating == true else {
            return
        }
        throw APIStatus.forbidden(
            request.resource.qualifiedName, request.name,
            "create not allowed while custom resource definition is terminating")
    }
}
