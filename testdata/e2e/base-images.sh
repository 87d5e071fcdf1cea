#!/usr/bin/env bash
# Base images made from this machine's own files: nothing is pulled.
#
#   base-images.sh golang NAME [REPO]   a builder: this machine's Go, a busybox
#                                       shell, CA certificates and the modules of
#                                       REPO (the folder of its go.mod, default .),
#                                       so that it builds with --network=none
#   base-images.sh amazonlinux [NAME]   a minimal Debian in the place of amazonlinux:latest
#   base-images.sh empty [NAME]         one static binary that exits 0 (default empty:latest)
#
# Needs DOCKER_HOST (see engine.sh); golang needs Debian's busybox-static.
set -euo pipefail
export LC_ALL=C

usage() { echo "usage: base-images.sh golang NAME [REPO] | amazonlinux [NAME] | empty [NAME]" >&2; exit 2; }

work=$(mktemp -d)
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT
root=$work/root
mkdir "$root"
chmod 755 "$root"

# import NAME CHANGE...: the folder $root as an image, owned by root.
import() {
	local name=$1 change changes=()
	shift
	for change; do changes+=(--change "$change"); done
	tar -C "$root" --numeric-owner --owner=0 --group=0 -cf - . | docker import "${changes[@]}" - "$name" >/dev/null
	docker image inspect --format '{{.Id}} {{.Size}}' "$name" | sed "s|^|$name |"
}

golang() {
	local name=$1 repo=$2 goroot cache
	goroot=$(go env GOROOT)
	cache=$(go env GOMODCACHE)

	mkdir -p "$root"/{bin,etc/ssl/certs,go/bin,go/pkg/mod,root,tmp,usr/bin,usr/local/go/pkg,var/tmp}
	chmod 1777 "$root/tmp" "$root/var/tmp"
	cp "$(command -v busybox)" "$root/bin/busybox"
	chroot "$root" /bin/busybox --install -s /bin
	cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
	printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$root/etc/passwd"
	printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"

	# What building a program needs of Go: no sources of its own commands, no tests.
	tar -C "$goroot" -cf - --exclude='testdata' --exclude='*_test.go' --exclude='src/cmd' \
		VERSION go.env bin/go lib src pkg/include pkg/tool | tar -C "$root/usr/local/go" -xf -

	# Exactly the modules that the build asks for: a module cache of its own,
	# filled from this machine's. The copy keeps go.mod and go.sum as they are.
	mkdir "$work/main"
	cp "$repo/go.mod" "$repo/go.sum" "$work/main/"
	(
		cd "$repo"
		go mod download -modfile="$work/main/go.mod"
		export GOMODCACHE=$work/mod GOPROXY=file://$cache/cache/download GOFLAGS='-modcacherw -mod=mod'
		go mod download -modfile="$work/main/go.mod"
		go list -modfile="$work/main/go.mod" -e -deps -test ./... >/dev/null
	)
	rm -rf "$work/mod/cache/download/sumdb" "$work/mod/cache/lock"
	mkdir "$root/go/pkg/mod/cache"
	mv "$work/mod/cache/download" "$root/go/pkg/mod/cache/"

	import "$name" \
		'ENV PATH=/usr/local/go/bin:/go/bin:/bin:/usr/bin GOPATH=/go GOTOOLCHAIN=local GOPROXY=off GOFLAGS=-mod=mod CGO_ENABLED=0' \
		'WORKDIR /go' 'CMD ["sh"]'
}

amazonlinux() {
	local name=$1 dir
	mkdir -p "$root"/{usr/{bin,sbin,lib,lib64},etc,dev,proc,sys,run,tmp,root}
	chmod 1777 "$root/tmp"
	for dir in bin sbin lib lib64; do ln -s "usr/$dir" "$root/$dir"; done
	# The packages of a minimal Debian that are installed here, with what they depend on.
	# Names are taken as they are without /usr: files that moved there are found through the links.
	dpkg-query -W -f '${Priority} ${Package}\n' | awk '$1 == "required" {print $2}' | sort -u |
		xargs apt-cache depends --installed --recurse --no-recommends --no-suggests --no-conflicts \
			--no-breaks --no-replaces --no-enhances | grep -E '^[a-z0-9]' | sed 's/:any$//' | sort -u >"$work/names"
	# Of alternatives and virtual packages only some are installed.
	dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | awk '$1 == "ii" {print $2}' | sort -u |
		comm -12 - "$work/names" >"$work/packages"
	xargs dpkg-query -L <"$work/packages" | grep '^/' | sort -u |
		while IFS= read -r file; do
			if [ -L "$file" ] || [ -f "$file" ]; then printf '%s\n' "${file#/}"; fi
		done | sed -E 's,^(bin|sbin|lib|lib64)/,usr/\1/,' | sort -u >"$work/files"
	tar -C / -cf - --no-recursion --files-from="$work/files" | tar -C "$root" -xf -
	import "$name" 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' 'CMD ["/bin/bash"]'
}

empty() {
	mkdir "$work/empty"
	printf 'package main\n\nfunc main() {}\n' >"$work/empty/main.go"
	(cd "$work/empty" && GO111MODULE=off CGO_ENABLED=0 GOFLAGS='' go build -trimpath -ldflags '-s -w' -o "$root/empty" main.go)
	import "$1" 'ENTRYPOINT ["/empty"]'
}

case ${1:-} in
golang) [ $# = 2 ] || [ $# = 3 ] || usage; golang "$2" "$(realpath "${3:-.}")" ;;
amazonlinux) [ $# -le 2 ] || usage; amazonlinux "${2:-amazonlinux:latest}" ;;
empty) [ $# -le 2 ] || usage; empty "${2:-empty:latest}" ;;
*) usage ;;
esac
