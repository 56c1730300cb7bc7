"""A small extension API server over HTTPS: clocks.time.example.com/v1, one object called "tower".

It asks for a client certificate of the front proxy, as its ConfigMap says, and takes the user from the request's fields.
Arguments: address, port, certificate, key, front proxy's authority, log file.
"""
import base64
import hashlib
import http.server
import json
import ssl
import sys
import time

GROUP = "time.example.com"
RESOURCES = {
    "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": f"{GROUP}/v1", "resources": [
        {"name": "clocks", "singularName": "clock", "namespaced": True, "kind": "Clock", "shortNames": ["ck"],
         "verbs": ["get", "list", "watch", "create", "delete"]},
        {"name": "clocks/face", "singularName": "", "namespaced": True, "kind": "Clock", "verbs": ["get"]}]}


def clock(name, namespace, **more):
    return {"apiVersion": f"{GROUP}/v1", "kind": "Clock", "metadata": {
        "name": name, "namespace": namespace, "resourceVersion": "7", "uid": "u-" + name}, **more}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, code, value, kind="application/json"):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        certificate = self.connection.getpeercert()
        subject = dict(part[0] for part in certificate["subject"]) if certificate else {}
        seen = {
            "method": self.command, "path": self.path, "subject": subject.get("commonName"),
            "user": self.headers.get("X-Remote-User"), "groups": self.headers.get_all("X-Remote-Group"),
            "extra": {k: v for k, v in self.headers.items() if k.lower().startswith("x-remote-extra-")},
            "authorization": self.headers.get("Authorization"), "body": body.decode()}
        with open(LOG, "a") as log:
            log.write(json.dumps(seen) + "\n")
        path = self.path.split("?")[0]
        if subject.get("commonName") != "system:auth-proxy":
            return self.answer(401, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 401})
        if path == f"/apis/{GROUP}/v1":
            return self.answer(200, RESOURCES)
        if path == "/openapi/v3":
            return self.answer(200, {"paths": {f"apis/{GROUP}/v1": {
                "serverRelativeURL": f"/openapi/v3/apis/{GROUP}/v1?hash=1"}}})
        if path == f"/openapi/v3/apis/{GROUP}/v1":
            return self.answer(200, {"openapi": "3.0.0", "info": {"title": "clocks"}, "paths": {}})
        if path == "/openapi/v2":
            return self.answer(200, {"swagger": "2.0", "paths": {f"/apis/{GROUP}/v1/": {"get": {}}, "/other": {}},
                                     "definitions": {"com.example.Clock": {"type": "object"}}})
        parts = path.strip("/").split("/")
        if parts[:3] != ["apis", GROUP, "v1"] or "clocks" not in parts:
            return self.answer(404, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404,
                                     "reason": "NotFound", "message": "nothing here"})
        namespace = parts[4] if parts[3] == "namespaces" else "default"
        if self.headers.get("Upgrade"):
            return self.upgrade()
        if "watch=true" in self.path or "watch=1" in self.path:
            return self.watch(namespace)
        if self.command == "POST":
            return self.answer(201, dict(json.loads(body), status={"made": True}))
        if parts[-1] == "clocks":
            return self.answer(200, {"kind": "ClockList", "apiVersion": f"{GROUP}/v1", "metadata": {
                "resourceVersion": "7"}, "items": [clock("tower", namespace)]})
        self.answer(200, clock(parts[-1], namespace, spec={"user": seen["user"]}))

    def watch(self, namespace):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for number in range(3):
            line = json.dumps({"type": "ADDED", "object": clock(f"c{number}", namespace)}).encode() + b"\n"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            self.wfile.flush()
            time.sleep(0.5)
        self.wfile.write(b"0\r\n\r\n")

    def upgrade(self):
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        self.end_headers()
        self.wfile.write(b"hello after the upgrade\n")
        self.close_connection = True

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = handle_any

    def log_message(self, *_):
        pass


address, port, certificate, key, authority, LOG = sys.argv[1:]
server = http.server.ThreadingHTTPServer((address, int(port)), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
context.load_verify_locations(authority)
context.verify_mode = ssl.CERT_OPTIONAL
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
