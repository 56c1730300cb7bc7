"""Plain requests to a cluster's API over one kept connection, as its administrator."""
import base64
import ctypes
import http.client
import json
import os
import socket
import ssl
import tempfile
import threading
import urllib.parse

import yaml

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
CLONE_NEWNET = 0x40000000


def connect(host, port):
    """A socket that was opened in the host's network namespace, and stays there."""
    result = []

    def work():
        with open(f"/run/netns/{host.name}") as namespace:
            if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), CLONE_NEWNET) != 0:
                result.append(OSError(ctypes.get_errno(), "setns"))
                return
        try:
            result.append(socket.create_connection((host.address, port), timeout=20))
        except OSError as error:
            result.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if isinstance(result[0], OSError):
        raise result[0]
    return result[0]


class Answer:
    def __init__(self, response, body):
        self.code = response.status
        self.warnings = [w.split('"', 1)[1].rsplit('"', 1)[0] for w in response.headers.get_all("Warning") or []]
        self.body = json.loads(body) if body else {}

    @property
    def message(self):
        return self.body.get("message", "")

    def __repr__(self):
        return f"{self.code} {self.message or json.dumps(self.body)[:600]}"


class Rest:
    def __init__(self, cluster):
        self.host = cluster.host
        config = yaml.safe_load(open(cluster.kubeconfig))
        user = config["users"][0]["user"]
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.check_hostname = False
        self.context.load_verify_locations(
            cadata=base64.b64decode(config["clusters"][0]["cluster"]["certificate-authority-data"]).decode())
        with tempfile.NamedTemporaryFile() as pair:
            pair.write(base64.b64decode(user["client-certificate-data"]))
            pair.write(b"\n")
            pair.write(base64.b64decode(user["client-key-data"]))
            pair.flush()
            self.context.load_cert_chain(pair.name)
        self.connection = None

    def send(self, method, path, body=None, content="application/json", accept="application/json", headers=None,
             **query):
        """One request; `query` are its parameters."""
        if query:
            path += "?" + urllib.parse.urlencode(query)
        data = None if body is None else json.dumps(body)
        head = {"Accept": accept, "User-Agent": "tests/1.0", **(headers or {})}
        if data is not None:
            head["Content-Type"] = content
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.host.address, 6443)
                self.connection.sock = self.context.wrap_socket(connect(self.host, 6443))
            try:
                self.connection.request(method, path, data, head)
                response = self.connection.getresponse()
                return Answer(response, response.read())
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.connection = None
                if attempt == 2:
                    raise

    def get(self, path, **options):
        return self.send("GET", path, **options)

    def post(self, path, body, **options):
        return self.send("POST", path, body, **options)

    def put(self, path, body, **options):
        return self.send("PUT", path, body, **options)

    def delete(self, path, **options):
        return self.send("DELETE", path, **options)

    def patch(self, path, body, kind="merge-patch+json", **options):
        return self.send("PATCH", path, body, content=f"application/{kind}", **options)

    def apply(self, path, body, manager, **options):
        return self.patch(path, body, "apply-patch+yaml", fieldManager=manager, **options)
