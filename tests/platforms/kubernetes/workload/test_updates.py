from __future__ import annotations

from typing import Any

import pytest

from intermodal.model.placement import Deploy, UpdateConfig
from intermodal.model.volumes import Mount, Volume
from tests.applications import application, service
from tests.platforms.kubernetes.workloads import Made

DATA = (Mount(type="volume", source="data", target="/data"),)


def updated(kind: str = "deployment", version: str = "", *, data: bool = False, **fields: Any) -> Made:
    web = service(
        deploy=Deploy(update_config=UpdateConfig(**fields)),
        volumes=DATA if data else (),
        extensions={"x-intermodal": {"controller": kind}},
    )
    return Made(application(web, volumes={"data": Volume()} if data else {}), version)


@pytest.mark.parametrize(
    ("fields", "surge", "gap"),
    [
        ({"order": "start-first"}, 1, 0),
        ({"order": "start-first", "parallelism": 3}, 3, 0),
        ({"order": "stop-first", "parallelism": 2}, 0, 2),
        ({"parallelism": 2}, 0, 2),
        ({"parallelism": 0}, 0, "100%"),
    ],
)
def test_order_and_parallelism_of_a_deployment(fields: dict[str, Any], surge: int, gap: int | str) -> None:
    strategy = updated(**fields).controller()["spec"]["strategy"]
    assert strategy == {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": gap}}


def test_nothing_said_leaves_kubernetes_its_default() -> None:
    assert "strategy" not in updated(failure_action="pause").controller()["spec"]


@pytest.mark.parametrize("kind", ["deployment", "statefulset", "daemonset"])
def test_delay_is_rounded_up(kind: str) -> None:
    assert updated(kind, delay=2.1).controller()["spec"]["minReadySeconds"] == 3


def test_old_stateful_sets_do_not_pause() -> None:
    made = updated("statefulset", "1.22", delay=2.0)
    assert "minReadySeconds" not in made.controller()["spec"]
    assert made.code("deploy", "update_config", "delay") == "update-without-delay"


def test_one_writer_stops_before_the_next_starts() -> None:
    made = updated(data=True, order="start-first", parallelism=2)
    assert made.controller()["spec"]["strategy"] == {"type": "Recreate"}
    assert made.code("deploy", "update_config", "order") == "rollout-one-writer"
    assert made.code("deploy", "update_config", "parallelism") == "rollout-one-writer"


def test_a_daemon_set_surges_where_it_can() -> None:
    spec = updated("daemonset", order="start-first", parallelism=2).controller()["spec"]
    assert spec["updateStrategy"]["rollingUpdate"] == {"maxSurge": 2, "maxUnavailable": 0}
    old = updated("daemonset", "1.21", order="start-first", parallelism=2)
    assert old.controller()["spec"]["updateStrategy"]["rollingUpdate"] == {"maxUnavailable": 2}
    assert old.code("deploy", "update_config", "order") == "start-first-not-possible"


def test_a_stateful_set_keeps_its_own_order() -> None:
    made = updated("statefulset", order="start-first", parallelism=2)
    assert made.code("deploy", "update_config", "order") == "start-first-not-possible"
    assert made.controller()["spec"]["updateStrategy"]["rollingUpdate"] == {"maxUnavailable": 2}
    old = updated("statefulset", "1.34", parallelism=2)
    assert "updateStrategy" not in old.controller()["spec"]
    assert old.code("deploy", "update_config", "parallelism") == "update-one-at-a-time"


def test_a_job_has_no_updates() -> None:
    made = updated("job", parallelism=2, delay=3.0)
    assert made.code("deploy", "update_config") == "jobs-are-not-rolled"
    assert not {"strategy", "updateStrategy", "minReadySeconds"} & set(made.controller()["spec"])
