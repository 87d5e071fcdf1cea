#!/usr/bin/env bash
# Compares, in one run on one machine, the old way (docker build && docker push
# from a base that the registry already has) with glue-connector push.
#
#   compare.sh [-r ROUNDS] [-s "S M L"] [-- COMMAND ARGUMENT...]
#
# Scenarios: cold (the registry has only the base), same (again, nothing
# changed), changed (one jar of average size is another). Each round does all of
# them, docker and ours in turn; printed are medians, ratios and bytes stored.
# Only the ratios mean something on another machine.
#
# Without COMMAND the function ours below is measured. COMMAND finds in its
# environment: JARS (a folder), CONFIG (config.json), REGISTRY
# (127.0.0.1:PORT), REPOSITORY and TAG.
#
# With -e RATIO and -m MIB it fails when a cold push takes more than RATIO of
# docker's time, or ours more memory than MIB in any scenario.
#
# It must be root and needs Debian's docker.io, docker-registry and time.
set -euo pipefail
export LC_ALL=C

here=$(dirname "$(realpath "$0")")
engine=$here/../e2e/engine.sh
registry=$here/../e2e/registry.sh

# ---------------------------------------------------------------------------
# What is measured. GLUE_CONNECTOR, the binary, meets the registry as it meets
# ECR: under ECR's host name, over TLS, with a token. The fake that stands in
# between runs on the same processors, at our cost.
ours() {
	command=(env "${world[@]}" "$GLUE_CONNECTOR" push
		--config-path "$CONFIG" --jars "$JARS" --image-tag "$TAG"
		--repository "123456789012.dkr.ecr.us-east-1.amazonaws.com/$REPOSITORY"
		--jdbc-url-formats 'password=jdbc:demo://${host}?user=${Username}&password=${Password}' --jdbc-url-delimiter '&')
}

# Starts the fake; its environment is in the array world.
start_world() {
	(cd "$here/../.." && go build -o "$work/serve" ./internal/fake/serve)
	coproc WORLD { exec "$work/serve" -upstream "http://$REGISTRY" -repository "123456789012/us-east-1/$REPOSITORY"; }
	local line
	while IFS= read -r line <&"${WORLD[0]}" && [ -n "$line" ]; do world+=("$line"); done
	[ ${#world[@]} != 0 ] || fail "the fake of AWS did not start"
}
# ---------------------------------------------------------------------------

usage() { echo 'usage: compare.sh [-r ROUNDS] [-s "S M L"] [-e RATIO] [-m MIB] [-- COMMAND ARGUMENT...]' >&2; exit 2; }
fail() { echo "compare.sh: $*" >&2; exit 1; }

rounds=3 sets="S M" max_ratio='' max_mib='' port=${PORT:-5059}
while getopts r:s:e:m: option; do
	case $option in
	r) rounds=$OPTARG ;;
	s) sets=$OPTARG ;;
	e) max_ratio=$OPTARG ;;
	m) max_mib=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
given=("$@")
[ ${#given[@]} != 0 ] || [ -n "${GLUE_CONNECTOR:-}" ] || fail "set GLUE_CONNECTOR, the binary to measure, or name a command"
[ -x /usr/bin/time ] || fail "no /usr/bin/time: install time"

work=$(mktemp -d)
# The registry's storage is in memory, so that the disk is not what is measured.
memory=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "$work")")
cleanup() {
	[ -z "${WORLD_PID:-}" ] || kill "$WORLD_PID" || true
	"$engine" stop "$work/engine" || true
	"$registry" stop "$memory/registry" "$port" || true
	rm -rf "$work" "$memory"
}
trap cleanup EXIT

export REGISTRY=127.0.0.1:$port REPOSITORY=bench/ours TAG
docker_repository=$REGISTRY/bench/docker
storage=$memory/registry/storage

# makeset NAME: the set's jars, with the demo connector's jar as the driver.
makeset() {
	local count bytes
	case $1 in
	S) count=3 bytes=4200000 ;;
	M) count=60 bytes=100000000 ;;
	L) count=300 bytes=1000000000 ;;
	*) fail "no set $1, there are S, M and L" ;;
	esac
	set_dir=$work/$1
	(cd "$here" && go run makejars/main.go "$set_dir/connector_jars" "$count" "$bytes")
	cp "$here/../demo/jars/"*.jar "$here/../demo/config.json" "$set_dir/connector_jars/"
	# The old script's Dockerfile.
	printf 'FROM amazonlinux:latest\nCOPY ./connector_jars ./jars\n' >"$set_dir/Dockerfile"
	printf '*.changed.jar\n' >"$set_dir/.dockerignore"
	export JARS=$set_dir/connector_jars CONFIG=$set_dir/connector_jars/config.json
	middle=$(printf '%s/library-%03d-1.0.jar' "$JARS" $((count / 2)))
	cp "$middle" "$work/middle.jar"
	change=$set_dir/connector_jars.changed.jar
}

stored() { du -sb "$storage/docker/registry/v2/blobs" | cut -f1; }

# measure TOOL SCENARIO COMMAND...: appends "set tool scenario seconds KiB bytes" to the results.
measure() {
	local tool=$1 scenario=$2 before start end
	shift 2
	before=$(stored)
	start=$EPOCHREALTIME
	/usr/bin/time -o "$work/rss" -f %M "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "$tool failed ($scenario)"; }
	end=$EPOCHREALTIME
	echo "$set $tool $scenario $(awk -v a="$start" -v b="$end" 'BEGIN {printf "%.4f", b - a}') $(tail -n 1 "$work/rss") $(($(stored) - before))" >>"$work/results"
}

# The registry as it was when it had only the base.
reset() {
	rm -rf "$storage"
	cp -a "$memory/base" "$storage"
	cp "$work/middle.jar" "$middle"
}

docker_way() { (cd "$set_dir" && docker build "$@" -q --network=none -t "$docker_repository:$TAG" . && docker push -q "$docker_repository:$TAG"); }
export -f docker_way
export docker_repository set_dir

round_docker() {
	# What an earlier round built is not to help.
	docker rmi -f "$docker_repository:1" "$docker_repository:2" >/dev/null 2>&1 || true
	docker image prune -f >/dev/null
	docker builder prune -af >/dev/null 2>&1
	reset
	TAG=1
	measure docker cold bash -c 'docker_way --no-cache'
	measure docker same bash -c docker_way
	cp "$change" "$middle"
	TAG=2
	measure docker changed bash -c docker_way
}

measure_ours() {
	local command=("${given[@]}")
	[ ${#command[@]} != 0 ] || ours
	measure ours "$1" "${command[@]}"
}

round_ours() {
	reset
	TAG=1
	measure_ours cold
	measure_ours same
	cp "$change" "$middle"
	TAG=2
	measure_ours changed
}

report() {
	awk -v max_ratio="$max_ratio" -v max_mib="$max_mib" '
	function median(key,   n, i, j, t, v) {
		n = split(values[key], v, " ")
		for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
		return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
	}
	{
		key = $1 " " $3
		if (!(key in seen)) { seen[key] = 1; order[++rows] = key }
		values[$2 " " key] = values[$2 " " key] " " $4
		bytes[$2 " " key] = $6
		if ($2 == "ours" && $5 > rss[key]) rss[key] = $5
	}
	END {
		printf "| set, scenario | docker, s | ours, s | ours / docker | ours, peak MiB | docker stored, MB | ours stored, MB |\n|---|---|---|---|---|---|---|\n"
		for (i = 1; i <= rows; i++) {
			key = order[i]; d = median("docker " key); o = median("ours " key)
			printf "| %s | %.3f | %.3f | %.3f | %.1f | %.2f | %.2f |\n", key, d, o, o / d, rss[key] / 1024, bytes["docker " key] / 1e6, bytes["ours " key] / 1e6
			if (max_ratio != "" && key ~ /cold/ && o / d > max_ratio + 0) bad = bad "\n" key ": " o / d " of docker, the limit is " max_ratio
			if (max_mib != "" && rss[key] / 1024 > max_mib + 0) bad = bad "\n" key ": " rss[key] / 1024 " MiB, the limit is " max_mib
		}
		if (bad != "") { print "FAIL" bad; exit 1 }
	}' "$work/results"
}

line=$("$engine" start "$work/engine")
export "${line?}"
"$registry" start "$memory/registry" "$port" >/dev/null
world=()
[ ${#given[@]} != 0 ] || start_world
"$here/../e2e/base-images.sh" amazonlinux amazonlinux:latest >/dev/null
# Where each of the two would have it from an earlier version.
for name in bench/docker "$REPOSITORY"; do
	docker tag amazonlinux:latest "$REGISTRY/$name:base"
	docker push -q "$REGISTRY/$name:base" >/dev/null
done
cp -a "$storage" "$memory/base"

: >"$work/results"
for set in $sets; do
	makeset "$set"
	for ((round = 1; round <= rounds; round++)); do
		echo "set $set, round $round of $rounds" >&2
		if ((round % 2)); then round_docker; round_ours; else round_ours; round_docker; fi
	done
	rm -rf "$set_dir"
done
report
