#!/bin/sh
# Builds the images of the tests from Debian packages, as OCI archives:
#   busybox.tar  docker.io/library/busybox:latest  a static busybox with its applets
#   web.tar      docker.io/library/web:latest      nginx on port 80 over the same base layer
# usage: build.sh DIRECTORY    results and downloads are kept there and used again
set -eu

if [ $# -ne 1 ]; then
    echo "usage: $0 DIRECTORY" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d "$out/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
# One build at a time; the others find its results.
exec 9>"$out/lock"
flock 9

# fetch PACKAGE...: the packages' files under $out/debs, downloaded once.
fetch() {
    mkdir -p "$out/debs"
    for package; do
        if ! ls "$out/debs/${package}"_*.deb >/dev/null 2>&1; then
            (cd "$work" && apt-get -o APT::Sandbox::User=root download -qq "$package" >/dev/null)
            mv "$work/${package}"_*.deb "$out/debs/"
        fi
    done
}

# extract PACKAGE DIRECTORY
extract() {
    dpkg-deb -x "$(ls "$out/debs/$1"_*.deb | tail -n 1)" "$2"
}

base_layer() {
    root=$work/base
    if [ -d "$root" ]; then return; fi
    fetch busybox-static
    mkdir -p "$work/busybox" "$root"
    extract busybox-static "$work/busybox"
    for directory in bin dev etc home lib proc root run sbin sys tmp usr/bin usr/sbin var/log var/www; do
        mkdir -p "$root/$directory"
    done
    chmod 1777 "$root/tmp"
    chmod 700 "$root/root"
    binary=$(find "$work/busybox" -type f -path '*bin/busybox')
    install -m 755 "$binary" "$root/bin/busybox"
    for applet in $("$root/bin/busybox" --list); do
        [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
    done
    cat >"$root/etc/passwd" <<'EOF'
root:x:0:0:root:/root:/bin/sh
www-data:x:33:33:www-data:/var/www:/bin/false
app:x:1000:1000:app:/home:/bin/sh
nobody:x:65534:65534:nobody:/:/bin/false
EOF
    cat >"$root/etc/group" <<'EOF'
root:x:0:
adm:x:4:app
www-data:x:33:
app:x:1000:
nogroup:x:65534:
EOF
    echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
}

web_layer() {
    root=$work/web
    fetch nginx nginx-common
    libraries=$(dpkg-deb -f "$(ls "$out"/debs/nginx_*.deb | tail -n 1)" Depends | tr ',|' '\n\n' |
        sed 's/^ *//; s/[ (:].*//' | grep -E '^(lib|zlib)' | sort -u)
    # Those of the libraries' own libraries that the binary needs.
    libraries="$libraries libgcc-s1 gcc-12-base"
    fetch $libraries
    mkdir -p "$root" "$work/packages"
    for package in nginx nginx-common $libraries; do extract "$package" "$work/packages"; done
    mkdir -p "$root/usr/sbin" "$root/etc/nginx" "$root/var/lib/nginx" "$root/var/log/nginx" \
        "$root/var/www/html" "$root/usr/share/nginx"
    cp "$work/packages/usr/sbin/nginx" "$root/usr/sbin/"
    cp "$work/packages/etc/nginx/mime.types" "$root/etc/nginx/"
    for directory in lib lib64 usr/lib; do
        [ -d "$work/packages/$directory" ] || continue
        (cd "$work/packages" && find "$directory" \( -name '*.so' -o -name '*.so.*' \) -print |
            grep -v -e /gconv/ -e /ossl-modules/ -e /engines-3/ | xargs cp -a --parents -t "$root")
    done
    cat >"$root/etc/nginx/nginx.conf" <<'EOF'
user www-data;
worker_processes 1;
daemon off;
error_log /dev/stderr warn;
pid /run/nginx.pid;
events { worker_connections 256; }
http {
    include mime.types;
    access_log /dev/stdout;
    server {
        listen 80;
        root /var/www/html;
        location = /hostname { default_type text/plain; return 200 "$hostname\n"; }
        location = /client { default_type text/plain; return 200 "$remote_addr\n"; }
    }
}
EOF
    echo 'edge test page' >"$root/var/www/html/index.html"
}

if [ ! -e "$out/busybox.tar" ]; then
    base_layer
    "$here/make_oci_archive.py" "$out/busybox.tar" --name docker.io/library/busybox:latest \
        --layer "$work/base" \
        --config '{"Cmd":["sh"],"Env":["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]}'
fi
if [ ! -e "$out/web.tar" ]; then
    base_layer
    web_layer
    "$here/make_oci_archive.py" "$out/web.tar" --name docker.io/library/web:latest \
        --layer "$work/base" --layer "$work/web" \
        --config '{"Entrypoint":["/usr/sbin/nginx"],"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],"ExposedPorts":{"80/tcp":{}},"StopSignal":"SIGQUIT"}'
fi
