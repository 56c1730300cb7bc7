"""A registry of container images on a host: Debian's docker-registry, filled by skopeo."""
import pathlib

from .cluster import wait_for

CONFIGURATION = """
version: 0.1
log: {level: error}
storage:
  filesystem: {rootdirectory: DIRECTORY}
http: {addr: "0.0.0.0:5000"}
"""


class Registry:
    def __init__(self, host, directory):
        self.host = host
        self.directory = pathlib.Path(directory)
        self.address = f"{host.address}:5000"
        self.process = None

    def __enter__(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / "config.yml").write_text(CONFIGURATION.replace("DIRECTORY", str(self.directory / "data")))
        log = open(self.directory / "log", "ab")
        self.process = self.host.start(
            "docker-registry", "serve", str(self.directory / "config.yml"), stdout=log, stderr=log)
        wait_for("the registry", lambda: self.host.run(
            "curl", "-s", f"http://{self.address}/v2/", check=False).returncode == 0)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def push(self, archive, name):
        """Pushes an OCI archive as `library/nginx:1.29`."""
        self.host.run(
            "skopeo", "--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false", f"oci-archive:{archive}",
            f"docker://{self.address}/{name}")

    def blob(self, digest):
        """The file that holds a blob."""
        value = digest.split(":")[1]
        return self.directory / f"data/docker/registry/v2/blobs/sha256/{value[:2]}/{value}/data"

    def mirror(self, name="docker.io"):
        """What registries.yaml says to find a registry's images here."""
        return f'mirrors:\n  "{name}":\n    endpoint: ["http://{self.address}"]\n'
