#!/usr/bin/env bash
# Compares, in one run on one machine, two other ways with glue-connector push:
# docker build && docker push, and tar && crane append.
#
#   compare.sh [-r ROUNDS] [-s "S M L"] [-c TOLERANCE]
#
# Sets: S 4 MB in 3 jars, M 100 MB in 60, L 1 GB in 300. Scenarios: cold (the
# registry has only the base), same (again, nothing changed), changed (one jar of
# average size is another), ci (a fresh runner with the same bytes: new file times,
# nothing kept but the base image and what is in the registry). Each round
# does all of them with every tool, in turn. Printed are medians, their ratios
# beside the limits in limits.tsv, the largest memory of a process of ours, bytes
# stored and bytes written to disk. Only the ratios mean something on another
# machine. With -c it fails if something is over its limit by more than
# TOLERANCE, 0.1 being a tenth.
#
# All of them meet the same registry on the same way: under ECR's host name, over
# TLS, with a login. The registry, and nginx in front of it, run on the same
# processors. ECR's API is a fake that looks into the registry's files.
# GLUE_CONNECTOR is the binary to measure. CRANE is crane, else it is built at the
# version in go.mod.
#
# It must be root and needs Debian's curl, docker.io, docker-registry, nginx-light
# and time.
set -euo pipefail
export LC_ALL=C

here=$(dirname "$(realpath "$0")")
engine=$here/../e2e/engine.sh
registry=$here/../e2e/registry.sh
host=123456789012.dkr.ecr.us-east-1.amazonaws.com
export REPOSITORY=$host/bench/compare BASE=$host/bench/base:1 TAG

# That this name leads to this machine, only what is started here is to see.
[ -n "${COMPARE_ALONE:-}" ] || COMPARE_ALONE=yes exec unshare --mount "$0" "$@"

usage() { echo 'usage: compare.sh [-r ROUNDS] [-s "S M L"] [-c TOLERANCE]' >&2; exit 2; }
fail() { echo "compare.sh: $*" >&2; exit 1; }

rounds=3 sets="S M" tolerance='' port=${PORT:-5059}
while getopts r:s:c: option; do
	case $option in
	r) rounds=$OPTARG ;;
	s) sets=$OPTARG ;;
	c) tolerance=$OPTARG ;;
	*) usage ;;
	esac
done
[ $# = $((OPTIND - 1)) ] || usage
[ -n "${GLUE_CONNECTOR:-}" ] || fail "set GLUE_CONNECTOR, the binary to measure"
[ -x /usr/bin/time ] || fail "no /usr/bin/time: install time"

work=$(mktemp -d)
# The registry's storage is in memory, so that the disk is not what is measured.
memory=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "$work")")
cleanup() {
	engine_is CONT || true
	[ -z "${WORLD_PID:-}" ] || kill "$WORLD_PID" || true
	"$here/front.sh" stop "$memory/front" || true
	"$engine" stop "$work/engine" || true
	"$registry" stop "$memory/registry" "$port" || true
	rm -rf "$work" "$memory"
}
trap cleanup EXIT
storage=$memory/registry/storage

# ---------------------------------------------------------------------------
# What is measured, each on the jars and config.json in the folder JARS.
ours() {
	exec "$GLUE_CONNECTOR" push --config-path "$JARS/config.json" --jars "$JARS" --image-tag "$TAG" --repository "$REPOSITORY" \
		--jdbc-url-formats 'password=jdbc:demo://${host}?user=${Username}&password=${Password}' --jdbc-url-delimiter '&'
}

docker_way() { # [--no-cache]
	docker build "$@" -q --network=none -t "$REPOSITORY:$TAG" "$(dirname "$JARS")" && exec docker push -q "$REPOSITORY:$TAG"
}

# crane takes a tar. Without one it compresses; this is its fastest way.
crane_way() {
	tar -C "$(dirname "$JARS")" --transform 's,^connector_jars,jars,' -cf "$TMPDIR/jars.tar" connector_jars &&
		exec "$CRANE" append -b "$BASE" -f "$TMPDIR/jars.tar" -t "$REPOSITORY:$TAG"
}
export -f ours docker_way crane_way
# ---------------------------------------------------------------------------

# Starts the fake; its environment becomes ours, so that of all tools, which then
# go to the registry by way of nginx.
start_world() {
	(cd "$here/../.." && go build -o "$work/serve" ./internal/fake/serve)
	coproc WORLD { exec "$work/serve" -upstream "http://127.0.0.1:$port" -storage "$storage" -certificate "$memory/certificate" -repository 123456789012/us-east-1/bench/compare; }
	local line
	while IFS= read -r line <&"${WORLD[0]}" && [ -n "$line" ]; do export "${line?}"; done
	[ -n "${AWS_ENDPOINT_URL:-}" ] || fail "the fake of AWS did not start"
	unset HTTPS_PROXY
	{ cat /etc/hosts; echo "127.0.0.1 $host"; } >"$work/hosts"
	mount --bind "$work/hosts" /etc/hosts
	"$here/front.sh" start "$memory/front" "$memory/certificate" "$port"
}

# docker and crane find the token where docker login leaves it.
login() {
	export DOCKER_CONFIG=$work/docker
	mkdir "$DOCKER_CONFIG"
	curl -fsS --noproxy '*' --aws-sigv4 aws:amz:us-east-1:ecr --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
		-H 'X-Amz-Target: AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken' \
		-H 'Content-Type: application/x-amz-json-1.1' -d '{}' "$AWS_ENDPOINT_URL/" >"$work/token"
	printf '{"auths": {"%s": {"auth": "%s"}}}\n' "$host" \
		"$(sed -E 's/.*"authorizationToken": *"([^"]+)".*/\1/' "$work/token")" >"$DOCKER_CONFIG/config.json"
}

# makeset NAME: the set's jars, with the demo connector's driver in the first.
makeset() {
	local count bytes
	case $1 in
	S) count=3 bytes=4200000 ;;
	M) count=60 bytes=100000000 ;;
	L) count=300 bytes=1000000000 ;;
	*) fail "no set $1, there are S, M and L" ;;
	esac
	local before=$work/$1/before/connector_jars changed=$work/$1/changed again=$work/$1/again
	(cd "$here" && go run makejars/main.go "$before" "$count" "$bytes" "$(realpath ../demo/jars/*.jar)")
	cp "$here/../demo/config.json" "$before/"
	# The old script's Dockerfile.
	printf 'FROM amazonlinux:latest\nCOPY ./connector_jars ./jars\n' >"$work/$1/before/Dockerfile"
	mv "$before.changed.jar" "$work/$1/changed.jar"
	cp -al "$work/$1/before" "$changed"
	mv "$work/$1/changed.jar" "$(printf '%s/connector_jars/library-%03d-1.0.jar' "$changed" $((count / 2)))"
	cp -r "$changed" "$again"
	touch -d "1 hour ago" "$again/connector_jars/"*
	sync -f "$work"
	sleep 2.1 # a file that was written just now has no times to know it by
}

blobs() { find "$storage/docker/registry/v2/blobs" -name data "$@" -printf '%s\n'; }

# measure TOOL SCENARIO COMMAND: appends to the results a line of the set, TOOL,
# SCENARIO, seconds, KiB of memory, bytes stored, those of the largest new blob,
# and bytes written to disk.
measure() {
	local start end before new
	before=$(blobs | awk '{n += $1} END {printf "%d", n}')
	rm -f "$TMPDIR"/*
	touch "$work/mark"
	start=$EPOCHREALTIME
	/usr/bin/time -o "$work/time" -f '%M %O' bash -c "$3" >"$memory/log" 2>&1 || { cat "$memory/log" >&2; fail "$1 failed ($2)"; }
	end=$EPOCHREALTIME
	new=$(blobs -newer "$work/mark" | sort -n | tail -n 1)
	echo "$set $1 $2 $(awk -v a="$start" -v b="$end" 'BEGIN {printf "%.4f", b - a}')" \
		"$(blobs | awk -v before="$before" -v new="${new:-0}" '{n += $1} END {printf "%d %d", n - before, new}')" \
		"$(tail -n 1 "$work/time" | awk '{print $1, $2 * 512}')" >>"$work/results"
}

# fresh TOOL: as on a new runner; the base image is there.
fresh() {
	rm -rf "${XDG_CACHE_HOME:?}"
	[ "$1" = docker ] || return 0
	docker rmi -f "$REPOSITORY:1" "$REPOSITORY:2" >/dev/null 2>&1 || true
	docker image prune -f >/dev/null
	docker builder prune -af >/dev/null 2>&1
}

# engine_is STOP|CONT: Docker's engine takes no time from the others.
engine_is() {
	local pid
	pid=$(cat "$work/engine/docker.pid" 2>/dev/null) || return 0
	pkill "-$1" -P "$pid" || true # containerd
	kill "-$1" "$pid"
}

# scenario TOOL NAME COMMAND FOLDER: measures it with the folder's jars.
scenario() {
	export JARS=$work/$set/$4/connector_jars
	sync -f "$work" # what was written before is not to be waited for, nor to take time from this one
	# A machine may drop from memory what nobody read for a minute, which here would be
	# the length of another tool's turn. On a runner it was just written.
	cat "$JARS"/* "$GLUE_CONNECTOR" "$CRANE" "$(command -v docker)" >/dev/null
	measure "$1" "$2" "$3"
}

round() { # TOOL COMMAND
	fresh "$1"
	[ "$1" = docker ] || engine_is STOP
	rm -rf "$storage"
	cp -al "$memory/base" "$storage" # links, as copies would take the caches from what comes
	TAG=1
	scenario "$1" cold "$2" before
	scenario "$1" same "$2" before
	TAG=2
	scenario "$1" changed "$2" changed
	fresh "$1"
	scenario "$1" ci "$2" again
	engine_is CONT
}

if [ -z "${CRANE:-}" ]; then
	version=$(cd "$here" && go list -m -f '{{.Version}}' github.com/google/go-containerregistry)
	GOBIN=$work/bin go install "github.com/google/go-containerregistry/cmd/crane@$version"
	CRANE=$work/bin/crane
fi
export CRANE
"$registry" start "$memory/registry" "$port" >/dev/null
start_world
login
line=$("$engine" start "$work/engine")
export "${line?}"
"$here/../e2e/base-images.sh" amazonlinux amazonlinux:latest >/dev/null
# As it would be there from an earlier version.
docker tag amazonlinux:latest "$BASE"
docker push -q "$BASE" >/dev/null
cp -a "$storage" "$memory/base"

# As on a runner: the certificates that it names are read at each start.
unset AWS_CA_BUNDLE
# What is remembered between runs is not temporary, nor on the disk here.
export XDG_CACHE_HOME=$memory/cache
mkdir "$work/tmp"
export TMPDIR=$work/tmp
: >"$work/results"
tools=("docker docker_way" "crane crane_way" "ours ours")
for set in $sets; do
	makeset "$set"
	for ((n = 1; n <= rounds; n++)); do
		echo "set $set, round $n of $rounds, load $(cut -d ' ' -f 1 /proc/loadavg)" >&2
		for ((i = 0; i < 3; i++)); do
			read -r tool command <<<"${tools[(i + n) % 3]}"
			round "$tool" "$command"
		done
	done
	rm -rf "${work:?}/$set"
done
cp "$work/results" "${RESULTS:-/dev/null}"
awk -v tolerance="$tolerance" -f "$here/report.awk" "$here/limits.tsv" "$work/results"
