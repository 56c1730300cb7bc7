#!/bin/sh
# Installs edge on this host and starts it: a server with its own node, or, with EDGE_URL and EDGE_TOKEN, a node of
# the cluster of another host. May be run again: it changes what differs, keeps the earlier settings, and leaves
# running pods alone. `edge uninstall` takes everything off again.
#
#   ./install.sh                                                   a server
#   EDGE_URL=https://server:6443 EDGE_TOKEN=... ./install.sh       an agent
#   ./install.sh server --node-name pi --disable-agent             with flags of `edge server`
#
#   INSTALL_EDGE_BIN              the binary to install; else one next to this script; else it is built (make)
#   INSTALL_EDGE_EXEC             a command (server or agent) and flags, as on the command line; split at blanks
#   INSTALL_EDGE_SERVICE          systemd, openrc or none, instead of what is found
#   INSTALL_EDGE_BIN_DIR          where the binary goes; /usr/local/bin
#   INSTALL_EDGE_SYMLINK          skip: no kubectl beside it; force: also where another kubectl is
#   INSTALL_EDGE_SKIP_ENABLE      true: not started with the host
#   INSTALL_EDGE_SKIP_START       true: not started now
#   INSTALL_EDGE_FORCE_RESTART    true: started anew also if nothing has changed
#   INSTALL_EDGE_SKIP_PREFLIGHT   true: whatever `edge doctor` says
#   INSTALL_EDGE_TIMEOUT          seconds to wait for the node to be Ready; 180
#   EDGE_*, *_PROXY               are kept for the service in /etc/edge/edge.env
set -eu

etc=/etc/edge
record=$etc/install
environment=$etc/edge.env
log=/var/log/edge.log
supervisor_pid=/run/edge.supervisor.pid

info() { echo "edge: $*"; }
warn() { echo "edge: warning: $*" >&2; }
fail() {
    echo "edge: error: $*" >&2
    exit 1
}
is_true() { case "${1:-}" in true | yes | 1) return 0 ;; *) return 1 ;; esac; }

# --- What this host is -----------------------------------------------------------------------------------------

check_platform() {
    [ "$(uname -s)" = Linux ] || fail "edge runs on Linux, this is $(uname -s)"
    case "$(uname -m)" in
    x86_64 | amd64) architecture=amd64 ;;
    aarch64 | arm64) architecture=arm64 ;;
    arm*)
        fail "$(uname -m) is 32-bit ARM, and edge is a 64-bit program: the Swift toolchain has no 32-bit ARM" \
            "target. A Raspberry Pi 3 or newer runs the 64-bit Raspberry Pi OS; older ones cannot run edge."
        ;;
    *) fail "edge runs on x86_64 and aarch64, not on $(uname -m)" ;;
    esac
}

become_root() {
    root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail "run this as root, or install sudo"
        # The toolchain may be in this user's PATH alone.
        root="sudo env PATH=$PATH"
    fi
}

find_service_manager() {
    manager=${INSTALL_EDGE_SERVICE:-}
    if [ -z "$manager" ]; then
        if [ -d /run/systemd/system ] && command -v systemctl >/dev/null; then
            manager=systemd
        elif [ -d /run/openrc ] && command -v rc-service >/dev/null; then
            manager=openrc
        else
            manager=none
        fi
    fi
    case "$manager" in
    systemd) service_files=/etc/systemd/system/edge.service ;;
    openrc) service_files=/etc/init.d/edge ;;
    none) service_files=$etc/service ;;
    *) fail "INSTALL_EDGE_SERVICE must be systemd, openrc or none, not \"$manager\"" ;;
    esac
}

# --- What to install -------------------------------------------------------------------------------------------

# A release next to this script, or a binary built in its checkout. Sets `source`.
find_binary() {
    if [ -n "${INSTALL_EDGE_BIN:-}" ]; then
        [ -f "$INSTALL_EDGE_BIN" ] || fail "INSTALL_EDGE_BIN: there is no file $INSTALL_EDGE_BIN"
        source=$INSTALL_EDGE_BIN
    else
        # Piped into a shell, this script has no place of its own.
        case "$0" in *install.sh) here=$(cd "$(dirname "$0")" && pwd) ;; *) here=$(pwd) ;; esac
        source=
        for candidate in "$here/edge-linux-$architecture" "$here/edge-$architecture" "$here/edge"; do
            if [ -f "$candidate" ]; then
                source=$candidate
                break
            fi
        done
        if [ -z "$source" ]; then
            [ -f "$here/Package.swift" ] ||
                fail "there is no edge binary next to this script and no checkout to build it from:" \
                    "name one with INSTALL_EDGE_BIN"
            build "$here"
            source=$here/build/edge
        fi
    fi
    "$source" version >/dev/null 2>&1 || chmod +x "$source" 2>/dev/null || true
    version=$("$source" version) || fail "$source does not run on this host"
}

build() {
    command -v swift >/dev/null ||
        fail "building edge takes the Swift toolchain (6.2 or newer) in PATH, see https://swift.org/install"
    info "building edge in $1 (this takes some minutes)"
    "$1/Scripts/install-dependencies.sh" build
    make -C "$1" build/edge
}

# The command and flags of the service in "$@" of the caller: of the command line and INSTALL_EDGE_EXEC, else those
# of an earlier run. Writes them to the file named in `arguments`, one a line.
choose_arguments() {
    arguments=$work/arguments
    : >"$arguments"
    if [ $# = 0 ] && [ -z "${EDGE_URL:-}" ] && [ -f "$record" ]; then
        sed -n 's/^argument=//p' "$record" >"$arguments"
        [ ! -s "$arguments" ] || return 0
    fi
    case "${1:-}" in
    server | agent) ;;
    "" | -*) if [ -n "${EDGE_URL:-}" ]; then set -- agent "$@"; else set -- server "$@"; fi ;;
    *) fail "the command must be server or agent, not \"$1\"" ;;
    esac
    if [ "$1" = agent ]; then
        case " $* " in
        *" --server"* | *" -s "*) ;;
        *) [ -n "${EDGE_URL:-}" ] || fail "an agent needs EDGE_URL=https://<server>:6443" ;;
        esac
        case " $* " in
        *" --token"*) ;;
        *)
            [ -n "${EDGE_TOKEN:-}${EDGE_TOKEN_FILE:-}" ] || grep -qs '^EDGE_TOKEN' "$environment" ||
                fail "an agent needs EDGE_TOKEN: on the server, \`edge token create\` makes one"
            ;;
        esac
        case "${EDGE_URL:-https://}" in
        https://*) ;;
        *) fail "EDGE_URL must begin with https://, not \"$EDGE_URL\"" ;;
        esac
    fi
    for argument; do printf '%s\n' "$argument" >>"$arguments"; done
}

# The arguments as words for a shell or a service file.
quoted_arguments() { sed "s/'/'\\\\''/g; s/^/'/; s/\$/'/" "$arguments" | tr '\n' ' '; }
# systemd's own quoting; % and $ would be expanded.
unit_arguments() { sed 's/\\/\\\\/g; s/"/\\"/g; s/%/%%/g; s/\$/$$/g; s/^/"/; s/$/"/' "$arguments" | tr '\n' ' '; }

# --- Preflight -------------------------------------------------------------------------------------------------

preflight() {
    info "$version"
    info "checking this host"
    eval "set -- $(quoted_arguments)"
    if ! $root "$source" doctor --quiet -- "$@"; then
        is_true "${INSTALL_EDGE_SKIP_PREFLIGHT:-}" ||
            fail "nothing was changed; see above what to fix, or set INSTALL_EDGE_SKIP_PREFLIGHT=true"
        warn "going on although the checks failed"
    fi
}

# --- Files -----------------------------------------------------------------------------------------------------

# place FILE MODE: installs standard input as a file, if it differs; then `changed` is set.
place() {
    cat >"$work/file"
    if ! $root cmp -s "$work/file" "$1" 2>/dev/null; then
        $root mkdir -p "$(dirname "$1")"
        $root cp "$work/file" "$1.new"
        $root chmod "$2" "$1.new"
        $root mv -f "$1.new" "$1"
        changed=true
    fi
}

make_environment() {
    {
        # What is given now stands for what was given before.
        names=$(env | sed -n 's/^\(EDGE_[A-Z_]*\)=.*/\1/p; s/^\([A-Za-z]*_[Pp][Rr][Oo][Xx][Yy]\)=.*/\1/p' |
            grep -v '^EDGE_BINARY$' | sort || true)
        if $root test -f "$environment"; then
            $root cat "$environment" | while IFS= read -r line; do
                echo "$names" | grep -qx "${line%%=*}" || printf '%s\n' "$line"
            done
        fi
        for name in $names; do
            eval "value=\$$name"
            # Single quotes mean the same to systemd and to a shell.
            printf "%s='%s'\n" "$name" "$(printf '%s' "$value" | sed "s/'/'\\\\''/g")"
        done
    } >"$work/environment"
    place "$environment" 600 <"$work/environment"
}

# Written before anything is made, so that an installation that broke off can be removed.
write_record() {
    made=$work/made
    {
        if [ -f "$record" ]; then
            grep '^directory=' "$record" || true
        else
            # The nearest first: each goes when it is empty.
            for directory in "$etc" "$bin_dir"; do
                while [ ! -d "$directory" ]; do
                    echo "directory=$directory"
                    directory=$(dirname "$directory")
                done
            done | awk '!seen[$0]++ { lines[++n] = $0 } END { for (i = n; i; i--) print lines[i] }'
        fi
    } >"$made"
    link=
    if [ "${INSTALL_EDGE_SYMLINK:-}" != skip ]; then
        if [ "$(readlink "$bin_dir/kubectl" 2>/dev/null)" = edge ]; then
            link=$bin_dir/kubectl
        elif [ "${INSTALL_EDGE_SYMLINK:-}" = force ] || ! command -v kubectl >/dev/null; then
            [ -e "$bin_dir/kubectl" ] && [ "${INSTALL_EDGE_SYMLINK:-}" != force ] || link=$bin_dir/kubectl
        fi
    fi
    {
        echo "# What install.sh has made; \`edge uninstall\` goes by it."
        echo "service-manager=$manager"
        echo "service=edge"
        echo "binary=$bin_dir/edge"
        for file in $service_files $environment $link; do echo "file=$file"; done
        if [ "$manager" != systemd ]; then echo "file=$log" && echo "file=$log.1"; fi
        if [ "$manager" = none ]; then echo "pid-file=$supervisor_pid"; fi
        echo "environment-file=$environment"
        cat "$made"
        sed 's/^/argument=/' "$arguments"
    } >"$work/record"
    before=$changed
    place "$record" 644 <"$work/record"
    changed=$before
}

install_binary() {
    if ! $root cmp -s "$source" "$bin_dir/edge" 2>/dev/null; then
        $root mkdir -p "$bin_dir"
        $root cp "$source" "$bin_dir/edge.new"
        $root chmod 755 "$bin_dir/edge.new"
        $root mv -f "$bin_dir/edge.new" "$bin_dir/edge"
        changed=true
    fi
    [ -z "$link" ] || $root ln -sfn edge "$link"
}

# --- Service ---------------------------------------------------------------------------------------------------

systemd_unit() {
    subgroup=
    # From 254 on the main process gets a group of its own beside the pods', without which systemd could not start
    # it again while pods run below the delegated group. Older ones leave the pods at the root.
    systemd_version=$(systemctl --version 2>/dev/null | sed -n '1s/[^0-9]*\([0-9]*\).*/\1/p')
    if [ "${systemd_version:-0}" -ge 254 ]; then subgroup="DelegateSubgroup=system"; fi
    cat <<UNIT
[Unit]
Description=edge: Kubernetes in one small binary
Documentation=man:edge(1)
Wants=network-online.target
After=network-online.target firewalld.service nftables.service
StartLimitIntervalSec=0

[Service]
Type=exec
EnvironmentFile=-$environment
ExecStart=$bin_dir/edge $(unit_arguments)
# A restart leaves the pods running; they end when the host goes down.
ExecStop=/bin/sh -c 'case "\$\$(systemctl is-system-running)" in stopping) exec $bin_dir/edge stop --pods-only ;; esac'
KillMode=process
Delegate=yes
$subgroup
Restart=always
RestartSec=2s
TimeoutStopSec=3min
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity

[Install]
WantedBy=multi-user.target
UNIT
}

openrc_script() {
    cat <<SCRIPT
#!/sbin/openrc-run
name=edge
description="Kubernetes in one small binary"
supervisor=supervise-daemon
command=$bin_dir/edge
command_args="$(quoted_arguments | sed 's/["\\$`]/\\&/g')"
output_log=$log
error_log=$log
pidfile=/run/edge.openrc.pid
respawn_delay=2
respawn_max=0
rc_ulimit="-n 1048576"
retry="TERM/30/KILL/5"

if [ -f $environment ]; then
    set -a
    . $environment
    set +a
fi

depend() {
    need net
    want cgroups
    use dns logger
    after firewall
}

stop_pre() {
    # A restart leaves the pods running; they end when the host goes down.
    if yesno "\${RC_GOINGDOWN:-NO}"; then $bin_dir/edge stop --pods-only; fi
    return 0
}
SCRIPT
}

# Without a service manager: a loop that starts edge again.
none_script() {
    cat <<SCRIPT
#!/bin/sh
# Runs edge on a host without a service manager: $etc/service start|stop|restart|status
# A stop or restart leaves the pods running; \`edge stop\` ends them. For a start with the host, call
# "$etc/service start" from what this host runs then, such as /etc/rc.local.
pid_file=$supervisor_pid
log=$log

is_running() {
    [ -f \$pid_file ] && tr '\\0' ' ' <"/proc/\$(cat \$pid_file)/cmdline" 2>/dev/null | grep -q '$etc/service supervise'
}

rotate() {
    if [ "\$(wc -c <\$log)" -gt 10485760 ]; then mv -f \$log \$log.1; fi 2>/dev/null
}

supervise() {
    child=
    stopping=
    trap 'stopping=yes; [ -z "\$child" ] || kill "\$child"' TERM INT
    trap '' HUP
    if [ -f $environment ]; then
        set -a
        . $environment
        set +a
    fi
    delay=1
    while [ -z "\$stopping" ]; do
        rotate
        begun=\$(date +%s)
        $bin_dir/edge $(quoted_arguments) >>\$log 2>&1 &
        child=\$!
        wait "\$child"
        code=\$?
        # A signal ends the wait before the child.
        while kill -0 "\$child" 2>/dev/null; do wait "\$child"; code=\$?; done
        child=
        # edge stop, or SIGTERM from outside.
        if [ "\$code" = 0 ] || [ -n "\$stopping" ]; then break; fi
        if [ \$((\$(date +%s) - begun)) -gt 60 ]; then delay=1; fi
        echo "edge ended with \$code and starts again in \$delay s" >>\$log
        sleep "\$delay" &
        child=\$!
        wait "\$child"
        child=
        delay=\$((delay < 30 ? delay * 2 : 30))
    done
    rm -f \$pid_file
}

start() {
    if is_running; then return; fi
    ulimit -n 1048576 2>/dev/null
    cd /
    touch \$log
    chmod 600 \$log
    if command -v setsid >/dev/null; then
        setsid $etc/service supervise </dev/null >>\$log 2>&1 &
    else
        nohup $etc/service supervise </dev/null >>\$log 2>&1 &
    fi
    echo \$! >\$pid_file
}

stop() {
    if ! is_running; then return; fi
    pid=\$(cat \$pid_file)
    kill "\$pid"
    while kill -0 "\$pid" 2>/dev/null; do sleep 0.1; done
}

case "\${1:-}" in
start) start ;;
stop) stop ;;
restart) stop && start ;;
status) if is_running; then echo running; else echo stopped && exit 3; fi ;;
supervise) supervise ;;
*) echo "usage: \$0 start|stop|restart|status" >&2 && exit 2 ;;
esac
SCRIPT
}

make_service() {
    case "$manager" in
    systemd) systemd_unit | place "$service_files" 644 ;;
    openrc) openrc_script | place "$service_files" 755 ;;
    none) none_script | place "$service_files" 755 ;;
    esac
}

start_service() {
    # Without a change only what does not run is started.
    action=start
    if is_true "$changed" || is_true "${INSTALL_EDGE_FORCE_RESTART:-}"; then action=restart; fi
    if ! is_true "${INSTALL_EDGE_SKIP_ENABLE:-}"; then
        case "$manager" in
        systemd)
            $root systemctl daemon-reload
            $root systemctl --quiet enable edge.service
            ;;
        openrc) $root rc-update -q add edge default >/dev/null ;;
        none)
            info "this host has no service manager: call \"$etc/service start\" when it starts (/etc/rc.local)"
            ;;
        esac
    elif [ "$manager" = systemd ]; then
        $root systemctl daemon-reload
    fi
    if is_true "${INSTALL_EDGE_SKIP_START:-}"; then
        info "installed, not started"
        exit 0
    fi
    info "${action}ing edge ($manager)" | sed 's/restarting/starting/'
    case "$manager" in
    systemd) $root systemctl $action edge.service ;;
    openrc) $root rc-service -q edge $action ;;
    none) $root $etc/service $action ;;
    esac
}

# --- The end ---------------------------------------------------------------------------------------------------

show_log() {
    case "$manager" in
    systemd) $root journalctl -u edge.service -n 20 --no-pager ;;
    *) $root tail -n 20 $log ;;
    esac >&2 || true
}

wait_until_ready() {
    if ! $root "$bin_dir/edge" status --wait --timeout "${INSTALL_EDGE_TIMEOUT:-180}s" >"$work/status"; then
        cat "$work/status" >&2
        show_log
        fail "edge is installed but not Ready; \`edge status\` says more, \`edge uninstall\` removes it"
    fi
}

print_summary() {
    line() { sed -n "s/^$1: //p" "$work/status"; }
    info "$(sed -n 's/^\(node .*\)$/\1/p; s/^\(server: ready.*\)$/\1/p' "$work/status" | head -n 1)"
    if [ -n "$(line kubeconfig)" ]; then
        info "kubeconfig: $(line kubeconfig)   (edge kubectl get nodes)"
        info "another host joins with:"
        echo "    EDGE_URL=$(line address) EDGE_TOKEN=$($root cat "$(line token)") ./install.sh"
    fi
    info "remove it with: edge uninstall"
}

main() {
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    bin_dir=${INSTALL_EDGE_BIN_DIR:-/usr/local/bin}
    changed=
    check_platform
    become_root
    find_service_manager
    # Flags are split at blanks, never expanded.
    set -f
    # shellcheck disable=SC2086
    choose_arguments ${INSTALL_EDGE_EXEC:-} "$@"
    set +f
    find_binary
    preflight
    write_record
    make_environment
    install_binary
    make_service
    start_service
    wait_until_ready
    print_summary
}

main "$@"
