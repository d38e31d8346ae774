from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.platforms.kubernetes.workload.http_tests import http_test


@pytest.mark.parametrize(
    ("text", "scheme", "port", "path"),
    [
        ("curl -f http://localhost:8080/health", "HTTP", 8080, "/health"),
        ("curl -f http://localhost:8080/health || exit 1", "HTTP", 8080, "/health"),
        ("curl --fail --silent --show-error http://127.0.0.1/", "HTTP", 80, "/"),
        ("/usr/bin/curl -sSfL 'http://localhost:80/a?b=c' > /dev/null 2>&1 || exit 1", "HTTP", 80, "/a?b=c"),
        ("curl -fs -o /dev/null -m 5 localhost:9000", "HTTP", 9000, ""),
        ("curl -fk https://localhost/x", "HTTPS", 443, "/x"),
        ("wget -q --spider http://localhost:3000/", "HTTP", 3000, "/"),
        ("wget --no-verbose --tries=1 --spider http://localhost:3000/ || exit 1", "HTTP", 3000, "/"),
        ("wget -qO- http://localhost:3000/up", "HTTP", 3000, "/up"),
        ("wget -O /dev/null -T 3 http://[::1]:3000/up", "HTTP", 3000, "/up"),
        ("wget --no-check-certificate -q --spider https://localhost:8443", "HTTPS", 8443, ""),
    ],
)
def test_plain_requests_are_recognised(text: str, scheme: str, port: int, path: str) -> None:
    found = http_test(("CMD-SHELL", text))
    assert found is not None
    assert (found.scheme, found.port, found.path) == (scheme, port, path)


@pytest.mark.parametrize(
    "text",
    [
        "curl http://localhost:8080/",  # succeeds whatever the status
        "curl -f http://localhost:${PORT}/",
        "curl -f http://localhost:8080/ | grep ok",
        "curl -f http://localhost:8080/ && test -f /up",
        "curl -f http://db:8080/",
        "curl -f https://localhost/",  # checks the certificate, which a probe does not
        "curl -f -X POST http://localhost/",
        "curl -f -H 'A: b' http://localhost/",
        "curl -f -u a:b http://localhost/",
        "curl -f http://a:b@localhost/",
        "curl -f http://localhost:8080/a http://localhost:8080/b",
        "curl -f -o /tmp/x http://localhost/",
        "curl -f ftp://localhost/",
        "curl -f http://localhost:99999/",
        "curl -f --max-time x http://localhost/",
        "curl -kf http://localhost/",
        "wget --tries=3 --spider http://localhost/",
        "wget --post-data=x http://localhost/",
        "wget -q -O /tmp/page http://localhost/",
        'curl -f "http://localhost/$(hostname)"',
        "curl -f 'http://localhost/",
        "! curl -f http://localhost/",
        "pg_isready",
        "",
    ],
)
def test_anything_more_stays_a_command(text: str) -> None:
    assert http_test(("CMD-SHELL", text)) is None


def test_words_of_an_exec_are_taken_as_they_are() -> None:
    found = http_test(("CMD", "curl", "-s", "-f", "-o", "/dev/null", "http://localhost:1/a;b"))
    assert found is not None
    assert (found.path, found.idle) == ("/a;b", (1, 3, 4))


def test_the_letter_that_counts_is_not_idle() -> None:
    found = http_test(("CMD", "curl", "-fsS", "http://localhost:1/"))
    assert found is not None
    assert found.idle == ()


def test_a_time_limit_of_the_programs_own() -> None:
    found = http_test(("CMD", "curl", "-f", "--connect-timeout", "9", "-m", "2.5", "http://localhost:1/"))
    assert found is not None
    assert found.seconds == 2.5


@given(st.lists(st.text(alphabet="curlwgetf-=:/ '\"$|0189localhost.", max_size=12), max_size=6))
def test_nothing_that_is_written_breaks_it(words: list[str]) -> None:
    http_test(("CMD", *words))
    http_test(("CMD-SHELL", " ".join(words)))
    http_test(("CMD-SHELL", "curl -f " + " ".join(words)))
