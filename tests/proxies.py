"""nginx in front of services, PgBouncer in front of their database."""

import re
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

from tests import deploying
from tests.baking import BakedProject
from tests.servers import Kind, Server, running_server

# Temporary files in a folder of its own, because it does not run as root.
NGINX_FRAME = """
pid {folder}/pid;
events {}
http {
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    %s
}
"""
NGINX = "nginx -e stderr -p {folder} -c {folder}/configuration"
PGBOUNCER = """
[databases]
service = host=127.0.0.1 port=%d user=service

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
"""


def nginx(servers: str, *urls: str) -> Kind:
    """Return nginx with an `upstream` and a `server` block, in front of services at these URLs."""
    upstreams = "\n".join(f"server {urlsplit(url).netloc};" for url in urls)
    block = re.compile(r"(upstream \w+ \{)[^}]*\}")
    assert len(block.findall(servers)) == 1
    placed = block.sub(rf"\1 {upstreams} }}", servers)
    placed, listening = re.subn(r"\blisten \d+;", "listen 127.0.0.1:{port};", placed)
    assert listening == 1
    return Kind(
        package="nginx-light",
        user="www-data",
        make=f"{NGINX} -t",
        start=f"{NGINX} -g 'daemon off;'",
        is_up="bash -c 'exec 3<>/dev/tcp/127.0.0.1/{port}'",
        create_database="true",
        url="http://127.0.0.1:{port}",
        configuration=NGINX_FRAME % placed,
    )


def documented_nginx(project: BakedProject, *urls: str) -> AbstractContextManager[Server]:
    """Run nginx with the block that docs/deploying.md shows, in front of services at these URLs."""
    (block,) = deploying.blocks(project, "nginx")
    return running_server(nginx(block, *urls))


def pgbouncer(database_url: str) -> Kind:
    """Return PgBouncer that lends its connections to a PostgreSQL server by transaction."""
    is_up = "pg_isready --host=127.0.0.1 --port={port} --username=service"
    return Kind(
        package="pgbouncer",
        user="postgres",
        make="pgbouncer --version",
        start="pgbouncer --quiet {folder}/configuration",
        is_up=is_up,
        create_database=is_up,
        url="postgresql://service@127.0.0.1:{port}/service",
        configuration=PGBOUNCER % (urlsplit(database_url).port or 5432),
    )
