internal import EdgeJSON

/// The parameters of requests.
struct OpenAPIParameter {
    let name: String
    let type: String
    let description: String
    var isPath = false

    func value(_ flavor: OpenAPIFlavor) -> JSONValue {
        var object: JSONObject = [
            "name": .string(name), "in": isPath ? "path" : "query", "description": .string(description),
        ]
        if isPath { object["required"] = true }
        switch flavor {
        case .v2:
            object["type"] = .string(type)
            object["uniqueItems"] = true
        case .v3: object["schema"] = ["type": .string(type), "uniqueItems": true]
        }
        return .object(object)
    }

    static let namespace = OpenAPIParameter(
        name: "namespace", type: "string", description: "The namespace of the object.", isPath: true)
    static let objectName = OpenAPIParameter(
        name: "name", type: "string", description: "The name of the object.", isPath: true)
    static let path = OpenAPIParameter(
        name: "path", type: "string", description: "The path of the proxied request.", isPath: true)
    static let pretty = OpenAPIParameter(
        name: "pretty", type: "string", description: "Accepted and ignored: output is always compact.")
    static let fieldValidation = OpenAPIParameter(
        name: "fieldValidation", type: "string",
        description: "What to do about unknown or repeated fields: Ignore, Warn (the default) or Strict.")
    static let fieldManager = OpenAPIParameter(
        name: "fieldManager", type: "string", description: "Who makes the change, recorded in managedFields.")
    static let dryRun = OpenAPIParameter(
        name: "dryRun", type: "string", description: "All: do everything but store the result.")
    static let force = OpenAPIParameter(
        name: "force", type: "boolean", description: "Server-side apply: take over fields of other managers.")

    static let listing = [
        OpenAPIParameter(
            name: "allowWatchBookmarks", type: "boolean",
            description: "Watch: send bookmarks of the revision."),
        OpenAPIParameter(
            name: "continue", type: "string",
            description: "The token with which the last part of a list ended."),
        OpenAPIParameter(
            name: "fieldSelector", type: "string", description: "Only objects whose fields match."),
        OpenAPIParameter(
            name: "labelSelector", type: "string", description: "Only objects whose labels match."),
        OpenAPIParameter(
            name: "limit", type: "integer", description: "How many objects a part of a list has at most."),
        OpenAPIParameter(
            name: "resourceVersion", type: "string", description: "The revision that the answer builds on."),
        OpenAPIParameter(
            name: "resourceVersionMatch", type: "string",
            description: "How resourceVersion is meant: Exact or NotOlderThan."),
        OpenAPIParameter(
            name: "sendInitialEvents", type: "boolean",
            description: "Watch: begin with all objects that there are."),
        OpenAPIParameter(
            name: "timeoutSeconds", type: "integer", description: "How long the request may take."),
        OpenAPIParameter(
            name: "watch", type: "boolean", description: "Follow changes instead of listing once."),
    ]

    static let deleting = [
        OpenAPIParameter(
            name: "gracePeriodSeconds", type: "integer",
            description: "How long the object may take to end; 0: at once."),
        OpenAPIParameter(
            name: "orphanDependents", type: "boolean", description: "Superseded by propagationPolicy."),
        OpenAPIParameter(
            name: "propagationPolicy", type: "string",
            description: "What becomes of dependents: Orphan, Background or Foreground."),
    ]

    /// Those that Swagger documents name once and refer to.
    static let shared = [pretty, fieldManager, dryRun, force] + listing + deleting
}
