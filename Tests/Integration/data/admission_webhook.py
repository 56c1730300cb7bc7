"""An admission webhook over HTTPS; the path says what it does. Arguments: address, port, certificate, key, log file."""
import base64
import http.server
import json
import ssl
import sys
import threading
import time

LOCK = threading.Lock()


def patch(*operations):
    return {"allowed": True, "patchType": "JSONPatch", "patch": base64.b64encode(json.dumps(operations).encode()).decode()}


def label(request, name):
    labels = request["object"]["metadata"].get("labels")
    if labels is None:
        return patch({"op": "add", "path": "/metadata/labels", "value": {name: "1"}})
    count = str(int(labels.get(name, "0")) + 1)
    return patch({"op": "add", "path": f"/metadata/labels/{name}", "value": count})


def decide(path, request):
    if path == "/deny":
        return {"allowed": False, "status": {"code": 403, "reason": "Forbidden", "message": "not on my watch"}}
    if path == "/deny-silently":
        return {"allowed": False}
    if path == "/warn":
        return {"allowed": True, "warnings": ["mind the gap"], "auditAnnotations": {"seen": "yes"}}
    if path.startswith("/label/"):
        return label(request, path.rsplit("/", 1)[1])
    if path == "/image":
        return patch({"op": "replace", "path": "/spec/containers/0/image", "value": "registry.example/x"})
    if path == "/replicas":
        return patch({"op": "replace", "path": "/spec/replicas", "value": 7})
    if path == "/broken-patch":
        return patch({"op": "remove", "path": "/spec/nothing"})
    if path == "/slow":
        time.sleep(4)
    return {"allowed": True}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = self.path.split("?")[0]
        with LOCK, open(LOG, "a") as log:
            log.write(json.dumps({"path": self.path, "time": time.time(), "review": review}) + "\n")
        if path == "/error":
            return self.answer(500, b"out of order")
        if path == "/garbage":
            return self.answer(200, b"no json")
        response = dict(decide(path, review["request"]), uid="wrong" if path == "/wrong-uid" else review["request"]["uid"])
        self.answer(200, json.dumps(
            {"apiVersion": review["apiVersion"], "kind": "AdmissionReview", "response": response}).encode())

    def answer(self, code, body):
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


address, port, certificate, key, LOG = sys.argv[1:]
server = http.server.ThreadingHTTPServer((address, int(port)), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
