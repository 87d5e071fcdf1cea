#!/usr/bin/env bash
# Debian's docker-registry on loopback, plain HTTP, for tests.
#
#   registry.sh start DIR PORT   starts it on 127.0.0.1:PORT, waits until it
#                                answers, prints the line REGISTRY=127.0.0.1:PORT
#   registry.sh stop DIR PORT    stops it; DIR stays
#
# DIR holds its storage, configuration, log and pid. Tags and manifests can be
# deleted. It stands for one on another machine, so it is spared what is no work
# for its clients: it writes no log but of errors, and collects garbage seldom.
# Needs Debian's docker-registry and curl.
set -euo pipefail

usage() { echo "usage: registry.sh start|stop DIR PORT" >&2; exit 2; }
fail() { echo "registry.sh: $*" >&2; exit 1; }

# The pid of the registry of this DIR, nothing if it is not running.
registry_pid() {
	local pid
	[ -s "$dir/registry.pid" ] || return 0
	pid=$(cat "$dir/registry.pid")
	if grep -qzxF "$dir/config.yml" "/proc/$pid/cmdline" 2>/dev/null; then echo "$pid"; fi
}

answers() { curl -fsS -m 2 -o /dev/null --noproxy '*' "http://127.0.0.1:$port/v2/" 2>/dev/null; }

start() {
	local pid n
	command -v docker-registry >/dev/null || fail "no docker-registry: install docker-registry"
	[ -z "$(registry_pid)" ] || fail "a registry already runs in $dir"
	if answers; then fail "something else answers on port $port"; fi
	mkdir -p "$dir/storage"
	cat >"$dir/config.yml" <<-END
	version: 0.1
	log:
	  level: error
	  accesslog:
	    disabled: true
	storage:
	  filesystem:
	    rootdirectory: $dir/storage
	  delete:
	    enabled: true
	  maintenance:
	    uploadpurging:
	      enabled: false
	http:
	  addr: 127.0.0.1:$port
	  secret: tests
	END
	GOGC=400 OTEL_TRACES_EXPORTER=none setsid docker-registry serve "$dir/config.yml" </dev/null >"$dir/registry.log" 2>&1 &
	pid=$!
	echo "$pid" >"$dir/registry.pid"
	for ((n = 0; n < 100; n++)); do
		kill -0 "$pid" 2>/dev/null || break
		if answers; then
			echo "REGISTRY=127.0.0.1:$port"
			return
		fi
		sleep 0.1
	done
	tail -n 20 "$dir/registry.log" >&2
	kill "$pid" 2>/dev/null || true
	fail "docker-registry does not answer; its log is $dir/registry.log"
}

stop() {
	local pid n
	pid=$(registry_pid)
	[ -n "$pid" ] || return 0
	kill "$pid"
	for ((n = 0; n < 100; n++)); do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	if kill -0 "$pid" 2>/dev/null; then kill -KILL "$pid"; fi
	rm -f "$dir/registry.pid"
}

[ $# = 3 ] || usage
dir=$(realpath -m "$2")
port=$3
case $1 in
start) start ;;
stop) stop ;;
*) usage ;;
esac
