#!/usr/bin/env bash
# nginx on 127.0.0.1:443 in front of a registry on loopback, with the manners of
# ECR that clients see: TLS, and a login that is asked for, whatever it says.
#
#   front.sh start DIR CERTIFICATE PORT   starts it; the registry is 127.0.0.1:PORT,
#                                         CERTIFICATE holds the key as well
#   front.sh stop DIR                     stops it; DIR stays
#
# What the registry itself would do is left to it: this is to cost next to nothing.
set -euo pipefail

fail() { echo "front.sh: $*" >&2; exit 1; }

start() {
	local n
	command -v nginx >/dev/null || fail "no nginx: install nginx-light"
	mkdir -p "$dir"
	cat >"$dir/nginx.conf" <<-END
	worker_processes 2;
	pid $dir/nginx.pid;
	error_log $dir/error.log;
	events {}
	http {
		access_log off;
		client_body_temp_path $dir/body;
		proxy_temp_path $dir/proxy;
		fastcgi_temp_path $dir/fastcgi;
		uwsgi_temp_path $dir/uwsgi;
		scgi_temp_path $dir/scgi;
		client_max_body_size 0;
		client_body_buffer_size 128k;
		keepalive_requests 100000;
		upstream registry {
			server 127.0.0.1:$2;
			keepalive 32;
			keepalive_requests 100000;
		}
		server {
			listen 127.0.0.1:443 ssl;
			ssl_protocols TLSv1.2 TLSv1.3;
			ssl_certificate $1;
			ssl_certificate_key $1;
			ssl_session_cache shared:sessions:1m;
			location / {
				if (\$http_authorization = "") {
					add_header WWW-Authenticate 'Basic realm="https://\$host/",service="ecr.amazonaws.com"' always;
					return 401;
				}
				proxy_pass http://registry;
				proxy_http_version 1.1;
				proxy_request_buffering off;
				proxy_buffering off;
				proxy_set_header Connection "";
				proxy_set_header Host \$host;
				proxy_set_header X-Forwarded-Proto https;
				proxy_set_header Authorization "";
				# For */* docker-registry would convert schema 2 to schema 1, which ECR does not.
				proxy_set_header Accept "application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json";
			}
		}
	}
	END
	nginx -p "$dir" -c "$dir/nginx.conf" 2>"$dir/start.log" || { cat "$dir/start.log" >&2; fail "nginx does not start"; }
	for ((n = 0; n < 50; n++)); do
		[ ! -s "$dir/nginx.pid" ] || return 0
		sleep 0.1
	done
	fail "nginx does not start; its log is $dir/error.log"
}

stop() {
	[ -s "$dir/nginx.pid" ] || return 0
	kill "$(cat "$dir/nginx.pid")"
}

[ $# -ge 2 ] || { echo "usage: front.sh start DIR CERTIFICATE PORT | stop DIR" >&2; exit 2; }
dir=$2
case $1 in
start) start "$3" "$4" ;;
stop) stop ;;
*) fail "no command $1" ;;
esac
