#!/usr/bin/env python3
"""Writes an OCI image layout as a tar file from directories, one layer each.

Owners are root and times fixed, so that the same files give the same digests.
"""
import argparse
import gzip
import hashlib
import io
import json
import os
import platform
import tarfile

ARCHITECTURES = {"x86_64": ("amd64", None), "aarch64": ("arm64", "v8")}
EPOCH = 1700000000


def layer_tar(root):
    """The uncompressed archive of a directory, entries sorted by name."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for folder, folders, files in os.walk(root):
            folders.sort()
            add(tar, root, folder)
            links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
            for name in sorted(links + files):
                add(tar, root, os.path.join(folder, name))
    return buffer.getvalue()


def add(tar, root, path):
    name = os.path.relpath(path, root)
    info = tar.gettarinfo(path, arcname="./" if name == "." else name)
    info.uid = info.gid = 0
    info.uname = info.gname = "root"
    info.mtime = EPOCH
    if info.isreg():
        with open(path, "rb") as file:
            tar.addfile(info, file)
    else:
        tar.addfile(info)


class Layout:
    def __init__(self):
        self.blobs = {}

    def add(self, data, media_type):
        digest = hashlib.sha256(data).hexdigest()
        self.blobs[digest] = data
        return {"mediaType": media_type, "digest": "sha256:" + digest, "size": len(data)}

    def add_json(self, value, media_type):
        return self.add(json.dumps(value, separators=(",", ":"), sort_keys=True).encode(), media_type)

    def write(self, path, index):
        files = {
            "oci-layout": b'{"imageLayoutVersion":"1.0.0"}',
            "index.json": json.dumps(index, separators=(",", ":")).encode(),
        }
        files.update({"blobs/sha256/" + digest: data for digest, data in self.blobs.items()})
        with tarfile.open(path + ".part", "w", format=tarfile.USTAR_FORMAT) as tar:
            for name, data in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                info.mtime = EPOCH
                tar.addfile(info, io.BytesIO(data))
        os.rename(path + ".part", path)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output")
    parser.add_argument("--name", required=True, help="full reference, such as docker.io/library/busybox:1.35")
    parser.add_argument("--layer", action="append", default=[], help="directory of a layer, lowest first")
    parser.add_argument("--config", default="{}", help="JSON of the config's config object")
    parser.add_argument("--arch", default=platform.machine())
    options = parser.parse_args()

    architecture, variant = ARCHITECTURES.get(options.arch, (options.arch, None))
    layout = Layout()
    layers, diff_ids = [], []
    for root in options.layer:
        data = layer_tar(root)
        diff_ids.append("sha256:" + hashlib.sha256(data).hexdigest())
        packed = gzip.compress(data, compresslevel=6, mtime=0)
        layers.append(layout.add(packed, "application/vnd.oci.image.layer.v1.tar+gzip"))
    target = {"architecture": architecture, "os": "linux"}
    if variant:
        target["variant"] = variant
    config = layout.add_json(
        {
            **target,
            "created": "2023-11-14T22:13:20Z",
            "config": json.loads(options.config),
            "rootfs": {"type": "layers", "diff_ids": diff_ids},
        },
        "application/vnd.oci.image.config.v1+json",
    )
    manifest = layout.add_json(
        {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": config,
            "layers": layers,
        },
        "application/vnd.oci.image.manifest.v1+json",
    )
    manifest["platform"] = target
    manifest["annotations"] = {
        "io.containerd.image.name": options.name,
        "org.opencontainers.image.ref.name": options.name.rsplit(":", 1)[1],
    }
    layout.write(options.output, {"schemaVersion": 2, "manifests": [manifest]})


if __name__ == "__main__":
    main()
