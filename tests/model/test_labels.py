from __future__ import annotations

from types import MappingProxyType

from intermodal.model.labels import revision


def test_a_revision_is_of_the_content_not_its_order() -> None:
    assert revision({"a": 1, "b": [2]}) == revision(MappingProxyType({"b": (2,), "a": 1}))
    assert revision({"a": 1}) != revision({"a": 2})
    assert len(revision({})) == 16


def test_bytes_have_revisions() -> None:
    assert revision(b"x") == revision(b"x") != revision(b"y")


def test_revisions_stay_what_they_were() -> None:
    # Objects on engines bear them: another hash would replace every running instance.
    assert revision({"image": "nginx", "ports": [80]}) == "4797725ef484faea"
