import EdgeAPI
import EdgeJSON
import Synchronization
import Testing

@testable import EdgeKubelet

struct ImageManagerTests {
    @Test(arguments: [
        ("nginx", "", "Always"), ("nginx:latest", "", "Always"), ("nginx:1", "", "IfNotPresent"),
        ("reg:5000/nginx", "", "Always"), ("nginx@sha256:00", "", "IfNotPresent"),
        ("nginx", "Never", "Never"),
    ])
    func policies(_ image: String, _ policy: String, _ expected: String) {
        var container = Container()
        container.image = image
        container.imagePullPolicy = policy
        #expect(ImageManager.policy(container) == expected)
    }

    @Test func backsOff() async throws {
        let clock = TestClock()
        let manager = ImageManager(provider: TestImages(), clock: clock)
        var container = Container()
        container.image = "missing:1"
        let events = Mutex<[String]>([])
        let attempt = { () async -> String in
            do {
                _ = try await manager.ensure(container, podUID: "u", dockerConfigs: []) { _, reason, _ in
                    events.withLock { $0.append(reason) }
                }
                return "here"
            } catch {
                return (error as? ImageFailure)?.reason ?? "\(error)"
            }
        }
        #expect(await attempt() == "ErrImagePull")
        #expect(await attempt() == "ImagePullBackOff")
        clock.advance(.seconds(11))
        #expect(await attempt() == "ErrImagePull")
        clock.advance(.seconds(11))
        #expect(await attempt() == "ImagePullBackOff")
        #expect(
            events.withLock { $0 } == [
                "Pulling", "Failed", "Failed", "BackOff", "Pulling", "Failed", "Failed", "BackOff",
            ])
        container.image = "here:1"
    }
}
