import EdgeBase
import Testing

@testable import EdgePodNetwork

@Suite struct InterfaceNamesTests {
    @Test(arguments: ["pi", "a-node-with-a-rather-long-name.example.org", ""])
    func fitIntoFifteenCharacters(_ node: String) {
        let names = InterfaceNames(nodeName: node)
        let all = [
            names.bridge, names.tunnel, names.pod("7f4b"), names.pod(String(repeating: "x", count: 200)),
        ]
        #expect(all.allSatisfy { $0.utf8.count <= 15 })
        #expect(Set(all).count == 4)
        #expect(names.pod("7f4b").hasPrefix(names.podPrefix))
        #expect(names == InterfaceNames(nodeName: node))
    }

    @Test func thousandsOfNamesAreDifferent() {
        let names = InterfaceNames(nodeName: "pi")
        #expect(Set((0..<5000).map { names.pod("pod-\($0)") }).count == 5000)
        #expect(Set((0..<5000).map { InterfaceNames(nodeName: "node-\($0)").bridge }).count > 4980)
    }

    @Test func aliasTellsAddressAndID() {
        let alias = PodAlias("edge pod 10.42.1.7 3c1b-99")
        #expect(alias?.address.description == "10.42.1.7")
        #expect(alias?.id == "3c1b-99")
        #expect(alias?.text == "edge pod 10.42.1.7 3c1b-99")
        for text in [nil, "", "edge pod 10.42.1.7", "edge pod x y", "edge bridge 10.42.1.7 x"] {
            #expect(PodAlias(text) == nil)
        }
    }
}
