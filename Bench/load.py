"""A client that costs little itself: requests with a bearer token over TLS on kept connections."""
import base64
import ctypes
import json
import pathlib
import select
import socket
import ssl

CONNECTIONS = 16


def enter(host):
    """Puts this thread, and those that it starts, onto the host's network."""
    with open(f"/run/netns/{host.name}") as namespace:
        if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), 0) != 0:
            raise OSError(ctypes.get_errno(), "setns")


class Connection:
    def __init__(self, access):
        self.access = access
        raw = socket.create_connection((access.address, 6443))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = access.context.wrap_socket(raw, server_hostname=access.address)
        self.rest = b""

    def send(self, method, path, body=None, kind="application/json"):
        data = body.encode() if isinstance(body, str) else body or b""
        entity = f"Content-Type: {kind}\r\nContent-Length: {len(data)}\r\n" if data else ""
        head = (f"{method} {path} HTTP/1.1\r\nHost: {self.access.address}:6443\r\nAuthorization: Bearer "
                f"{self.access.token}\r\nAccept: application/json\r\n{entity}\r\n")
        self.socket.sendall(head.encode() + data)

    def head(self):
        """Status and headers of the answer; what follows stays in `rest`."""
        data = self.rest
        while b"\r\n\r\n" not in data:
            more = self.socket.recv(65536)
            if not more:
                raise ConnectionError("the server closed the connection")
            data += more
        head, self.rest = data.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        return int(lines[0].split()[1]), dict(line.lower().split(": ", 1) for line in lines[1:])

    def receive(self, keeps=True):
        """Status and body; a body that nobody looks at is counted only."""
        status, headers = self.head()
        length = int(headers["content-length"])
        parts, have = [self.rest], len(self.rest)
        self.rest = b""
        while have < length:
            more = self.socket.recv(262144)
            if not more:
                raise ConnectionError("the server closed the connection")
            have += len(more)
            if keeps:
                parts.append(more)
        return status, b"".join(parts) if keeps else length

    def request(self, method, path, body=None, kind="application/json"):
        self.send(method, path, body, kind)
        status, data = self.receive()
        if status >= 300:
            raise SystemExit(f"{method} {path}: {status} {data[:300]}")
        return json.loads(data)

    def close(self):
        self.socket.close()


class Access:
    """Where the server is and who asks."""

    def __init__(self, cluster):
        self.address = cluster.host.address
        kubeconfig = pathlib.Path(cluster.kubeconfig).read_text()
        authority = base64.b64decode(kubeconfig.split("certificate-authority-data: ")[1].split()[0]).decode()
        self.context = ssl.create_default_context(cadata=authority)
        self.context.set_ciphers("ECDHE+AESGCM")
        cluster.kubectl("create", "serviceaccount", "bench")
        cluster.kubectl("create", "clusterrolebinding", "bench", "--clusterrole=cluster-admin",
                        "--serviceaccount=default:bench")
        self.token = cluster.kubectl("create", "token", "bench", "--duration=24h").stdout.strip()

    def connect(self):
        return Connection(self)

    def run(self, count, make):
        """`make(n)` gives method, path, body and type of the n-th request; one per connection is under way."""
        connections = [self.connect() for _ in range(min(CONNECTIONS, count))]
        for first in range(0, count, len(connections)):
            used = connections[:count - first]
            for number, connection in enumerate(used, first):
                connection.send(*make(number))
            for connection in used:
                status, length = connection.receive(keeps=False)
                if status >= 300:
                    raise SystemExit(f"a request failed with {status}")
        for connection in connections:
            connection.close()


class Watch:
    """A connection with a WATCH on it; `read` gives the events that have come."""

    def __init__(self, access, path):
        self.connection = access.connect()
        self.connection.send("GET", path)
        status, _ = self.connection.head()
        if status != 200:
            raise SystemExit(f"watch {path}: {status}")
        self.text = b""
        self.chunks = self.connection.rest
        self.connection.rest = b""

    def read(self, timeout):
        """The events, decoded; none when the time is over."""
        if not self.chunks and not self.connection.socket.pending():
            if not select.select([self.connection.socket], [], [], timeout)[0]:
                return []
        if not self.chunks:
            self.chunks = self.connection.socket.recv(262144)
            if not self.chunks:
                raise ConnectionError("the watch ended")
        self.unchunk()
        *lines, self.text = self.text.split(b"\n")
        return [json.loads(line) for line in lines if line]

    def unchunk(self):
        while b"\r\n" in self.chunks:
            size, rest = self.chunks.split(b"\r\n", 1)
            length = int(size, 16)
            while len(rest) < length + 2:
                rest += self.connection.socket.recv(262144)
            self.text += rest[:length]
            self.chunks = rest[length + 2:]

    def close(self):
        self.connection.close()
