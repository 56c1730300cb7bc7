"""A conversion webhook over HTTPS: v1 has spec.text, v2 has spec.words. Arguments: address, port, certificate, key."""
import http.server
import json
import ssl
import sys


def convert(thing, version):
    spec = thing.get("spec", {})
    if version.endswith("/v2") and "text" in spec:
        thing["spec"] = {"words": spec["text"].split()}
    elif version.endswith("/v1") and "words" in spec:
        thing["spec"] = {"text": " ".join(spec["words"])}
    thing["apiVersion"] = version
    return thing


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        request = review["request"]
        review["response"] = {
            "uid": request["uid"], "result": {"status": "Success"},
            "convertedObjects": [convert(thing, request["desiredAPIVersion"]) for thing in request["objects"]]}
        if any("poison" in json.dumps(thing) for thing in request["objects"]):
            review["response"].update(result={"status": "Failure", "message": "this is poison"}, convertedObjects=[])
        body = json.dumps(review).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


address, port, certificate, key = sys.argv[1:]
server = http.server.ThreadingHTTPServer((address, int(port)), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
