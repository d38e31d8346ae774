from __future__ import annotations

import pytest

from intermodal.kit.diagnostics import Rejected
from intermodal.platforms.kubernetes.target import DEFAULT, make_target
from tests.applications import settings


@pytest.mark.parametrize(
    ("written", "minor"), [("1.20", 20), ("v1.31", 31), ("1.31.4", 31), ("", DEFAULT), ("1.99", 99)]
)
def test_a_version_is_read_as_people_write_it(written: str, minor: int) -> None:
    assert make_target(settings(written)).minor == minor


@pytest.mark.parametrize("written", ["1", "1.", "2.1", "latest", "1.x", "1.-5", "1.31.4.5", "1.٣", "1.1000"])
def test_what_is_no_version_is_refused(written: str) -> None:
    with pytest.raises(Rejected) as refused:
        make_target(settings(written))
    assert [found.code for found in refused.value.diagnostics] == ["kubernetes-version-unreadable"]


def test_a_version_before_the_oldest_is_refused() -> None:
    with pytest.raises(Rejected) as refused:
        make_target(settings("1.19"))
    assert [found.code for found in refused.value.diagnostics] == ["kubernetes-version-too-old"]


@pytest.mark.parametrize("name", ["Shop", "-shop", "shop-", "a_b", "a.b", "x" * 64])
def test_a_namespace_must_be_a_dns_label(name: str) -> None:
    with pytest.raises(Rejected) as refused:
        make_target(settings(namespace=name))
    assert [found.code for found in refused.value.diagnostics] == ["namespace-invalid"]


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(Rejected) as refused:
        make_target(settings("1.2", "A"))
    assert len(refused.value.diagnostics) == 2


@pytest.mark.parametrize(("minor", "api"), [("1.20", "batch/v1beta1"), ("1.21", "batch/v1"), ("", "batch/v1")])
def test_the_api_version_follows_the_release(minor: str, api: str) -> None:
    assert make_target(settings(minor)).api("CronJob") == api


def test_features_come_with_their_release() -> None:
    assert not make_target(settings("1.28")).has("sidecars")
    assert make_target(settings("1.29")).has("sidecars")
