import EdgeJSON
import Testing

@testable import EdgeAPI

@Suite struct VersionConversionTests {
    private func resource(_ group: String, _ name: String) throws -> ResourceDefinition {
        try #require(Schema.shared.resource(group: group, version: "v1", resource: name))
    }

    private func stored(_ value: JSONValue) throws -> APIObject {
        let object = try #require(APIObject(value))
        let type = try #require(Schema.shared.kind(apiVersion: object.apiVersion, kind: object.kind))
        return APIObject(try ObjectDecoder.decode(value, as: type).object)
    }

    private static let metrics: [JSONValue] = [
        [
            "type": "Resource",
            "resource": ["name": "memory", "target": ["type": "AverageValue", "averageValue": "1Gi"]],
        ],
        [
            "type": "Pods",
            "pods": ["metric": ["name": "hits"], "target": ["type": "AverageValue", "averageValue": "5"]],
        ],
        [
            "type": "Object",
            "object": [
                "describedObject": ["kind": "Service", "name": "s"], "metric": ["name": "m"],
                "target": ["type": "Value", "value": "7"],
            ],
        ],
        [
            "type": "External",
            "external": [
                "metric": ["name": "q", "selector": ["matchLabels": ["a": "b"]]],
                "target": ["type": "AverageValue", "averageValue": "3"],
            ],
        ],
        [
            "type": "ContainerResource",
            "containerResource": [
                "container": "c", "name": "cpu", "target": ["type": "Utilization", "averageUtilization": 9],
            ],
        ],
    ]

    @Test(arguments: metrics)
    func everyMetricSurvivesTheFirstVersion(_ metric: JSONValue) throws {
        let first = try resource("autoscaling", "horizontalpodautoscalers")
        let object = try stored([
            "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
            "metadata": ["name": "h", "annotations": ["mine": "stays"]],
            "spec": [
                "scaleTargetRef": ["kind": "Deployment", "name": "d"], "maxReplicas": 3,
                "metrics": [
                    [
                        "type": "Resource",
                        "resource": [
                            "name": "cpu", "target": ["type": "Utilization", "averageUtilization": 60],
                        ],
                    ], metric,
                ],
                "behavior": ["scaleUp": ["stabilizationWindowSeconds": 3]],
            ],
            "status": [
                "desiredReplicas": 1,
                "currentMetrics": [
                    [
                        "type": "Resource",
                        "resource": [
                            "name": "cpu", "current": ["averageUtilization": 5, "averageValue": "1"],
                        ],
                    ]
                ],
                "conditions": [["type": "AbleToScale", "status": "True", "lastTransitionTime": nil]],
            ],
        ])
        let shown = VersionConversion.shown(object, as: first)
        #expect(shown.apiVersion == "autoscaling/v1")
        #expect(shown[path: "spec", "targetCPUUtilizationPercentage"] == 60)
        #expect(shown[path: "status", "currentCPUUtilizationPercentage"] == 5)
        #expect(shown[path: "spec", "metrics"] == nil)
        let back = try stored(VersionConversion.stored(shown, from: first).value)
        #expect(back == object)
    }

    @Test func partsBecomeParts() throws {
        let first = try resource("autoscaling", "horizontalpodautoscalers")
        let part = APIObject(["apiVersion": "autoscaling/v1", "spec": ["minReplicas": 2]] as JSONObject)
        #expect(
            VersionConversion.stored(part, from: first).value
                == ["apiVersion": "autoscaling/v2", "spec": ["minReplicas": 2]])
    }

    @Test func eventsOfBothGroupsAreOne() throws {
        let newer = try resource("events.k8s.io", "events")
        let object = try stored([
            "apiVersion": "v1", "kind": "Event", "metadata": ["name": "e"], "count": 2, "message": "m",
            "involvedObject": ["kind": "Pod", "name": "p"], "source": ["component": "kubelet"],
            "firstTimestamp": "2026-01-01T00:00:00Z", "reason": "R", "type": "Normal",
        ])
        let shown = VersionConversion.shown(object, as: newer)
        #expect(shown.apiVersion == "events.k8s.io/v1" && shown["note"] == "m" && shown["message"] == nil)
        #expect(shown["regarding"] == ["kind": "Pod", "name": "p"] && shown["deprecatedCount"] == 2)
        let back = try stored(VersionConversion.stored(shown, from: newer).value)
        #expect(back == object)
        #expect(
            VersionConversion.stored(fieldSelector: "regarding.name=p,reportingController=c", from: newer)
                == "involvedObject.name=p,reportingComponent=c")
    }

    @Test func newEventsSayWhoDidWhat() {
        let errors = EventRules.validateCreate(
            APIObject(["type": "Other", "deprecatedCount": 1, "series": ["count": 1]] as JSONObject))
        #expect(
            errors.map(\.field) == [
                "eventTime", "reportingController", "reportingInstance", "action", "reason", "type",
                "deprecatedCount", "series.count",
            ])
    }
}
