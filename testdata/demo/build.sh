#!/usr/bin/env bash
# Builds jars/demo-jdbc-1.0.0.jar, or the file given as argument, from src.
# The same JDK makes the same bytes anywhere: names are sorted, times fixed,
# and there is no manifest, which would name the JDK.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
jar=$(realpath -m "${1:-$here/jars/demo-jdbc-1.0.0.jar}")
cd "$here"
classes=$(mktemp -d)
trap 'rm -rf "$classes"' EXIT

find src -name '*.java' | LC_ALL=C sort |
	xargs javac --release 8 -encoding UTF-8 -g:source,lines -Xlint:all,-options -Werror -d "$classes"
mkdir "$classes/META-INF"
cp -r src/META-INF/services "$classes/META-INF/"

cd "$classes"
mkdir -p "$(dirname "$jar")"
rm -f "$jar"
find . -type f | sed 's,^\./,,' | LC_ALL=C sort |
	TZ=UTC xargs jar --create --no-manifest --date=1980-01-01T00:00:02Z --file "$jar"
