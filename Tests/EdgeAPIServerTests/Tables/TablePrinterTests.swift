import EdgeAPI
import EdgeBase
import EdgeJSON
import Testing

@testable import EdgeAPIServer

struct TablePrinterTests {
    private func table(_ include: TablePrinter.IncludeObject, phase: JSONValue = "Running") -> JSONValue {
        let resource = ResourceDefinition(
            group: "", version: "v1", resource: "pods", kind: "Pod", isNamespaced: true)
        let json: JSONObject = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "web", "namespace": "a"],
            "status": ["phase": phase],
        ]
        return TablePrinter.table(
            [APIObject(json)], resource: resource, metadata: ["resourceVersion": "7"], includeObject: include,
            now: Timestamp(seconds: 0))
    }

    @Test func shape() {
        let table = table(.metadata)
        #expect(table["kind"] == "Table" && table["apiVersion"] == "meta.k8s.io/v1")
        #expect(table["metadata"] == ["resourceVersion": "7"])
        let columns = table["columnDefinitions"]?.array ?? []
        #expect(columns.count == 9)
        #expect(columns.first?["format"] == "name" && columns.first?["priority"] == 0)
        let row = table["rows"]?.array?.first
        #expect(row?["cells"]?.array?.count == 9)
        #expect(
            row?["object"] == [
                "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
                "metadata": ["name": "web", "namespace": "a"],
            ])
        #expect(row?["conditions"] == nil)
    }

    @Test func includedObjects() {
        #expect(table(.none)["rows"]?.array?.first?["object"] == .null)
        #expect(table(.object)["rows"]?.array?.first?["object"]?["kind"] == "Pod")
    }

    @Test func endedPodsAreMarked() {
        let row = table(.none, phase: "Failed")["rows"]?.array?.first
        #expect(row?["conditions"]?.array?.first?["reason"] == "Failed")
    }
}
