#!/usr/bin/env bash
# Makes a stand-in for AWS's local image of Glue, which is 7 GB and not ours to
# have: in the same way there is spark-submit in PATH, awsglue for Python, and a
# user who is not root. All of it is this machine's.
#
#   glue-image.sh SPARK_HOME AWSGLUE IMAGE
#
# SPARK_HOME is a Spark's, AWSGLUE a folder with the Python package awsglue.
# Needs DOCKER_HOST, Python and a JDK.
set -euo pipefail
[ $# = 3 ] || { echo "usage: glue-image.sh SPARK_HOME AWSGLUE IMAGE" >&2; exit 2; }
java=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
python=$(readlink -f /usr/bin/python3)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/{usr/bin,usr/lib,tmp,etc,home/hadoop,opt,proc,dev}
chmod 1777 "$root/tmp"
chmod 777 "$root/home/hadoop"
ln -s usr/bin "$root/bin"

programs=("$python")
for p in awk basename bash cat chmod dirname env find grep head hostname id ls mkdir nice ps readlink rm sed sh tail tr uname wc; do
	programs+=("$(readlink -f "$(command -v $p)")")
	cp "$(readlink -f "$(command -v $p)")" "$root/usr/bin/$p"
done
cp "$python" "$root/usr/bin/python3"

# The JVM's settings are links into /etc, and its sources to what is not there.
mkdir -p "$root$java"
tar -C "$java" -ch --exclude=src.zip bin conf lib | tar -C "$root$java" -x
cp -rL "/usr/lib/$(basename "$python")" "$root/usr/lib/"
rm -rf "$root/usr/lib/$(basename "$python")"/{test,dist-packages}
cp -rL "$1" "$root/opt/spark"
mkdir "$root/opt/glue"
cp -rL "$2" "$root/opt/glue/awsglue"

{ for f in "${programs[@]}" "$java"/bin/java "$java"/lib/*.so "$java"/lib/server/*.so "/usr/lib/$(basename "$python")"/lib-dynload/*.so; do ldd "$f" 2>/dev/null || true; done; } |
	grep -oE '/[^ ]+' | sort -u | while read -r lib; do
		case $lib in "$java"/*) continue ;; esac
		mkdir -p "$root$(dirname "$lib")"
		cp -L "$lib" "$root$lib"
	done
printf 'root:x:0:0::/:/bin/bash\nhadoop:x:1000:1000::/home/hadoop:/bin/bash\n' >"$root/etc/passwd"
py4j=$(basename "$root"/opt/spark/python/lib/py4j-*-src.zip)
tar -C "$root" -c . | docker import \
	--change "ENV PATH=/opt/spark/bin:/usr/bin JAVA_HOME=$java SPARK_HOME=/opt/spark HOME=/home/hadoop PYTHONPATH=/opt/glue:/opt/spark/python:/opt/spark/python/lib/$py4j" \
	--change 'USER hadoop' --change 'WORKDIR /home/hadoop' - "$3" >/dev/null
