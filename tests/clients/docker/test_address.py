from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intermodal.clients.docker.address import Address, InvalidAddress, Tls, parsed


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("unix:///run/d.sock", Address(scheme="unix", path="/run/d.sock")),
        ("unix://", Address(scheme="unix", path="/var/run/docker.sock")),
        ("tcp://box:2375", Address(scheme="tcp", host="box", port=2375)),
        ("tcp://box", Address(scheme="tcp", host="box", port=2375)),
        ("tcp://box/", Address(scheme="tcp", host="box", port=2375)),
        ("tcp://[fe80::1]:99", Address(scheme="tcp", host="fe80::1", port=99)),
        ("tcp://:99", Address(scheme="tcp", host="localhost", port=99)),
        ("box:99", Address(scheme="tcp", host="box", port=99)),
        ("ssh://box", Address(scheme="ssh", host="box")),
        ("ssh://me@box:22", Address(scheme="ssh", host="box", user="me", port=22)),
        ("ssh://me@box/run/d.sock", Address(scheme="ssh", host="box", user="me", path="/run/d.sock")),
        ("ssh://box/", Address(scheme="ssh", host="box")),
    ],
)
def test_what_users_write(text: str, address: Address) -> None:
    assert parsed(text) == address
    assert parsed(str(address)) == address


def test_tls_has_a_port_of_its_own() -> None:
    assert parsed("tcp://box", tls=Tls()).port == 2376
    assert parsed("tcp://box:1", tls=Tls()) == Address(scheme="tcp", host="box", port=1, tls=Tls())
    assert parsed("ssh://box", tls=Tls()).tls is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("npipe:////./pipe/docker_engine", "named pipes"),
        ("fd://", "fd://"),
        ("http://box:2375", "tcp://"),
        ("https://box:2376", "DOCKER_TLS_VERIFY"),
        ("ftp://box", "no way"),
        ("tcp://box:2375/path", "nothing more"),
        ("tcp://me@box:2375", "nothing more"),
        ("tcp://box:99999", "no port"),
        ("tcp://a:b:c", "not a host"),
        ("tcp://", None),
        ("ssh://", "not the name"),
        ("ssh://-oProxyCommand=touch%20x", "not the name"),
        ("ssh://-lroot@box", "no user"),
        ("ssh://me:secret@box", "password"),
        ("ssh://box;touch x", "not the name"),
        ("ssh://box\ntouch", "not the name"),
        ("ssh://$(touch x)", "not the name"),
    ],
)
def test_what_cannot_be_used_is_refused(text: str, why: str | None) -> None:
    if why is None:
        assert parsed(text).host == "localhost"
        return
    with pytest.raises(InvalidAddress) as refused:
        parsed(text)
    assert why in f"{refused.value} {refused.value.advice}"
    assert "secret" not in str(refused.value)


@settings(deadline=None)
@given(
    st.text(alphabet="abz019.-:/@[]%_~ \n$;'\"\\", max_size=30), st.sampled_from(["", "tcp://", "ssh://", "unix://"])
)
def test_no_address_is_an_option_or_holds_anything_a_shell_could_read(rest: str, scheme: str) -> None:
    try:
        found = parsed(scheme + rest)
    except InvalidAddress:
        return
    for word in (found.host, found.user):
        assert not word.startswith("-")
        assert not set(word) & set(" \n$;'\"\\`&|<>(){}")
    assert 0 <= found.port <= 65535
