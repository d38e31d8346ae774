from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intermodal.clients.docker import attach
from intermodal.clients.docker.archive import File, archive, put
from intermodal.clients.docker.logs import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.clients.docker.engine import Engine


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.builds(
            File,
            path=st.from_regex(r"[a-zä ]{1,20}(/[a-z]{1,60}){0,4}", fullmatch=True),
            content=st.binary(max_size=2000),
            mode=st.integers(0, 0o7777),
            uid=st.integers(0, 2**32 - 1),
            gid=st.integers(0, 2**32 - 1),
        ),
        max_size=4,
        unique_by=lambda file: file.path,
    )
)
def test_what_goes_in_comes_out_in_the_same_bytes_each_time(files: list[File]) -> None:
    made = archive(files)
    assert archive(reversed(files)) == made
    with tarfile.open(fileobj=io.BytesIO(made)) as tar:
        found = []
        for entry in tar:
            opened = tar.extractfile(entry)
            assert opened
            found.append(File(path=entry.name, content=opened.read(), mode=entry.mode, uid=entry.uid, gid=entry.gid))
            assert (entry.mtime, entry.uname, entry.gname) == (0, "", "")
    assert found == sorted(files, key=lambda file: file.path)


def test_no_path_begins_at_the_root() -> None:
    with tarfile.open(fileobj=io.BytesIO(archive([File(path="/etc/x", content=b"")]))) as tar:
        assert tar.getnames() == ["etc/x"]


@pytest.mark.engines
def test_files_are_in_a_real_container_before_it_starts(engine: Engine, container: Callable[..., str]) -> None:
    made = container("sh", "-c", "stat -c '%n %a %u %g' /run/secrets/a /deep/er/b; cat /run/secrets/a", start=False)
    files = [
        File(path="/run/secrets/a", content=b"secret\n", mode=0o440, uid=5, gid=6),
        File(path="/deep/er/b", content=b"x"),
    ]
    put(engine, made, "/", files)
    engine.call("POST", f"/containers/{made}/start")
    assert attach.wait(engine, made) == 0
    assert [line.text for line in read(engine, f"/containers/{made}/logs")] == [
        "/run/secrets/a 440 5 6",
        "/deep/er/b 444 0 0",
        "secret",
    ]
