"""The ports that well-known public images listen on: what their EXPOSE says. Images themselves are never read here.

Only TCP ports that other containers use. Names are those of Docker Hub or the last part of any other repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PORTS: Mapping[str, tuple[int, ...]] = {
    "activemq-classic": (61616, 8161),
    "adminer": (8080,),
    "alertmanager": (9093,),
    "arangodb": (8529,),
    "caddy": (80, 443),
    "cassandra": (9042,),
    "chroma": (8000,),
    "clickhouse": (8123, 9000),
    "clickhouse-server": (8123, 9000),
    "consul": (8500,),
    "couchbase": (8091, 11210),
    "couchdb": (5984,),
    "elasticsearch": (9200, 9300),
    "eclipse-mosquitto": (1883,),
    "etcd": (2379, 2380),
    "gotenberg": (3000,),
    "grafana": (3000,),
    "grafana-oss": (3000,),
    "haproxy": (80,),
    "httpd": (80,),
    "influxdb": (8086,),
    "jenkins": (8080, 50000),
    "keydb": (6379,),
    "kibana": (5601,),
    "loki": (3100,),
    "mailhog": (1025, 8025),
    "mailpit": (1025, 8025),
    "mariadb": (3306,),
    "meilisearch": (7700,),
    "memcached": (11211,),
    "minio": (9000,),
    "mongo": (27017,),
    "mongodb-community-server": (27017,),
    "mysql": (3306,),
    "nats": (4222,),
    "neo4j": (7474, 7687),
    "nginx": (80,),
    "node-exporter": (9100,),
    "opensearch": (9200,),
    "percona": (3306,),
    "pgadmin4": (80,),
    "pgbouncer": (5432,),
    "pgvector": (5432,),
    "phpmyadmin": (80,),
    "postgis": (5432,),
    "postgres": (5432,),
    "postgresql": (5432,),
    "prometheus": (9090,),
    "qdrant": (6333, 6334),
    "rabbitmq": (5672,),
    "redis": (6379,),
    "redis-stack": (6379,),
    "redis-stack-server": (6379,),
    "registry": (5000,),
    "rethinkdb": (28015,),
    "solr": (8983,),
    "sonarqube": (9000,),
    "tempo": (3200,),
    "timescaledb": (5432,),
    "timescaledb-ha": (5432,),
    "traefik": (80,),
    "valkey": (6379,),
    "vault": (8200,),
    "wordpress": (80,),
    "zookeeper": (2181,),
}
_OTHER_VARIANTS = {("wordpress", "fpm"): (9000,), ("rabbitmq", "management"): (5672, 15672)}


def image_ports(image: str) -> tuple[int, ...]:
    """The TCP ports of a well-known image, () for any other."""
    repository, _, tag = image.partition("@")[0].rpartition("/")[2].partition(":")
    for (name, variant), ports in _OTHER_VARIANTS.items():
        if repository == name and variant in tag:
            return ports
    return PORTS.get(repository, ())
