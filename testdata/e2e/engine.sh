#!/usr/bin/env bash
# A Docker engine of its own, for tests: everything it keeps is under DIR.
#
#   engine.sh start DIR   starts dockerd (as root), waits until it answers,
#                         prints the line DOCKER_HOST=unix://...
#   engine.sh stop DIR    stops it and unmounts what it mounted; DIR stays
#
# It has no bridge and no packet rules: run and build with --network=none (the
# default here) or --network=host. A CA to trust goes into SSL_CERT_FILE.
# Needs Debian's docker.io. ENGINE_STORAGE_DRIVER overrides the driver.
set -euo pipefail

usage() { echo "usage: engine.sh start|stop DIR" >&2; exit 2; }
fail() { echo "engine.sh: $*" >&2; exit 1; }

# The pid of the engine of this DIR, nothing if it is not running.
engine_pid() {
	local pid
	[ -s "$dir/docker.pid" ] || return 0
	pid=$(cat "$dir/docker.pid")
	if grep -qz '^--data-root='"$dir"'/data$' "/proc/$pid/cmdline" 2>/dev/null; then echo "$pid"; fi
}

answers() { curl -fsS -m 2 -o /dev/null --unix-socket "$dir/docker.sock" http://localhost/_ping 2>/dev/null; }

# overlay2 needs a file system that can be overlaid: not an overlay itself, as in many containers.
storage_driver() {
	local probe=$dir/probe driver=vfs
	mkdir -p "$probe"/{lower,upper,work,merged}
	if mount -t overlay overlay -o "lowerdir=$probe/lower,upperdir=$probe/upper,workdir=$probe/work" "$probe/merged" 2>/dev/null; then
		umount "$probe/merged"
		driver=overlay2
	elif command -v fuse-overlayfs >/dev/null && [ -c /dev/fuse ]; then
		driver=fuse-overlayfs
	fi
	rm -rf "$probe"
	echo "$driver"
}

start() {
	local pid n
	[ "$(id -u)" = 0 ] || fail "dockerd must be started as root"
	command -v dockerd >/dev/null || fail "no dockerd: install docker.io"
	[ -z "$(engine_pid)" ] || fail "an engine already runs in $dir"
	# containerd's socket is the longest one; the kernel allows 107 characters.
	[ ${#dir} -le 70 ] || fail "$dir is too long for a socket's path (70 characters at most)"
	mkdir -p "$dir"
	rm -f "$dir/docker.pid"
	# Without this key's path dockerd writes it under /etc/docker.
	printf '{"deprecated-key-path": "%s"}\n' "$dir/key.json" >"$dir/daemon.json"
	setsid dockerd \
		--config-file="$dir/daemon.json" \
		--data-root="$dir/data" \
		--exec-root="$dir/exec" \
		--pidfile="$dir/docker.pid" \
		--host="unix://$dir/docker.sock" \
		--storage-driver="${ENGINE_STORAGE_DRIVER:-$(storage_driver)}" \
		--bridge=none --iptables=false --ip6tables=false \
		</dev/null >"$dir/dockerd.log" 2>&1 &
	pid=$!
	for ((n = 0; n < 300; n++)); do
		if answers; then
			echo "DOCKER_HOST=unix://$dir/docker.sock"
			return
		fi
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	tail -n 20 "$dir/dockerd.log" >&2
	kill "$pid" 2>/dev/null || true
	fail "dockerd does not answer; its log is $dir/dockerd.log"
}

stop() {
	local pid n mounts
	pid=$(engine_pid)
	if [ -n "$pid" ]; then
		kill "$pid"
		for ((n = 0; n < 300; n++)); do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.1
		done
		if kill -0 "$pid" 2>/dev/null; then kill -KILL "$pid"; fi
	fi
	# Deepest first.
	mounts=$(awk -v d="$dir/" 'index($5, d) == 1 {print $5}' /proc/self/mountinfo | sort -r)
	if [ -n "$mounts" ]; then xargs -d '\n' umount -l <<<"$mounts"; fi
}

[ $# = 2 ] || usage
dir=$(realpath -m "$2")
case $1 in
start) start ;;
stop) stop ;;
*) usage ;;
esac
