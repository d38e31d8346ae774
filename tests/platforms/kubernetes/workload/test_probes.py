from __future__ import annotations

from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.model.health import Healthcheck
from intermodal.model.support import Exact, Missing
from intermodal.platforms.kubernetes.terms import DEFAULT
from intermodal.platforms.kubernetes.workload.probes import PATIENCE
from tests.applications import service
from tests.platforms.kubernetes.workloads import Made, one, several

TRUE = ("CMD", "true")


def checked(test: tuple[str, ...] = TRUE, **fields: Any) -> Made:
    return one(healthcheck=Healthcheck(test=test, **fields))


def times(probe: dict[str, Any]) -> tuple[int, int, int]:
    return probe["periodSeconds"], probe["timeoutSeconds"], probe["failureThreshold"]


def test_dockers_defaults_are_written_out() -> None:
    made = checked().container()
    assert times(made["livenessProbe"]) == times(made["readinessProbe"]) == (30, 30, 3)
    assert times(made["startupProbe"]) == (30, 30, 10)


def test_each_number_has_its_field() -> None:
    made = checked(interval=10.0, timeout=2.0, retries=5, start_period=60.0, start_interval=2.0).container()
    assert times(made["readinessProbe"]) == (10, 2, 5)
    assert times(made["startupProbe"]) == (2, 2, 30 + 150)


def test_the_start_interval_counts_in_a_start_period_only() -> None:
    made = checked(start_interval=2.0)
    assert made.container()["startupProbe"]["periodSeconds"] == 30
    assert made.code("healthcheck", "start_interval") == "start-interval-unused"
    assert checked(start_period=1.0).container()["startupProbe"]["periodSeconds"] == 5


def test_fractions_are_rounded_up_and_told() -> None:
    made = checked(interval=0.5, timeout=1.2)
    assert times(made.container()["readinessProbe"]) == (1, 2, 3)
    assert made.code("healthcheck", "interval") == made.code("healthcheck", "timeout") == "probe-in-whole-seconds"


@given(
    st.floats(0.001, 4000),
    st.floats(0.001, 400),
    st.integers(1, 50),
    st.floats(0, 4000),
    st.floats(0.001, 400),
)
def test_times_are_sane_whatever_is_written(
    interval: float, timeout: float, retries: int, start_period: float, start_interval: float
) -> None:
    made = checked(
        interval=interval, timeout=timeout, retries=retries, start_period=start_period, start_interval=start_interval
    ).container()
    for name in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert all(isinstance(number, int) and number >= 1 for number in times(made[name]))
    startup = made["startupProbe"]
    patience = startup["periodSeconds"] * startup["failureThreshold"]
    assert patience >= start_period + max(PATIENCE, retries * ceil(interval) if not start_period else 0) - 1
    assert made["readinessProbe"]["failureThreshold"] == retries


def test_a_shell_test_gets_a_shell_and_its_dollars_stay() -> None:
    command = checked(("CMD-SHELL", "test $(id -u) = $X")).container()["readinessProbe"]["exec"]["command"]
    assert command == ["/bin/sh", "-c", "test $$(id -u) = $X"]
    assert checked(("CMD", "a", "$(b)")).container()["readinessProbe"]["exec"]["command"] == ["a", "$$(b)"]


@pytest.mark.parametrize(("test", "off"), [(("NONE",), False), ((), True), (TRUE, True)])
def test_what_is_off_has_no_probes(test: tuple[str, ...], *, off: bool) -> None:
    made = checked(test, disable=off)
    assert not [name for name in made.container() if name.endswith("Probe")]
    assert made.note("healthcheck", "disable" if off else "test") == Exact(how=DEFAULT)


def test_a_test_that_only_the_image_knows() -> None:
    made = checked((), interval=5.0)
    assert made.code("healthcheck") == "image-healthcheck-unknown"
    assert "readinessProbe" not in made.container()


def test_liveness_can_be_left_out() -> None:
    made = several(service(healthcheck=Healthcheck(test=TRUE)), liveness="no")
    assert "livenessProbe" not in made.container()
    assert "readinessProbe" in made.container()
    assert ("services", "web", "healthcheck", "test", 1) not in made.notes
    assert checked().code("healthcheck", "test", 1) == "unhealthy-is-restarted"


def test_a_task_is_never_killed_for_its_health() -> None:
    made = one(healthcheck=Healthcheck(test=TRUE), extensions={"x-intermodal": {"controller": "job"}}).container()
    assert [name for name in made if name.endswith("Probe")] == ["readinessProbe"]


def test_kubernetes_asks_itself_where_the_port_is_open() -> None:
    check = Healthcheck(test=("CMD", "curl", "-s", "-f", "http://localhost:80/up"), timeout=9.0)
    made = several(service(expose=("80",), healthcheck=check), service("other"))
    probe = made.container()["readinessProbe"]
    host = [{"name": "Host", "value": "localhost:80"}]
    assert probe["httpGet"] == {"path": "/up", "port": 80, "httpHeaders": host}
    assert isinstance(made.note("healthcheck", "test", 2), Missing)


def test_the_programs_own_time_limit_holds() -> None:
    check = Healthcheck(test=("CMD-SHELL", "curl -f -m 2 http://localhost:80/"), timeout=9.0)
    made = several(service(expose=("80",), healthcheck=check), service("other"))
    assert made.container()["readinessProbe"]["timeoutSeconds"] == 2


def test_a_port_that_may_listen_on_localhost_only_is_asked_from_inside() -> None:
    made = one(network_mode="none", healthcheck=Healthcheck(test=("CMD", "curl", "-f", "http://localhost:81/")))
    assert made.container()["readinessProbe"]["exec"]["command"][0] == "curl"
