from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from intermodal.kit.emitter import emit
from intermodal.model.application import Logging
from intermodal.model.building import Build
from intermodal.model.files import EnvFile
from intermodal.model.health import Healthcheck
from intermodal.model.resources import Ulimit
from intermodal.model.support import Consequence, Missing
from tests.applications import application, service
from tests.platforms.swarm.recorder import deploy
from tests.platforms.swarm.swarming import codes, outcomes, stack, translation, web

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from intermodal.model.platform import Translation


def test_what_compose_and_stack_files_say_alike_is_said_alike() -> None:
    made = web(
        user="1000:1000",
        working_dir="/app",
        stop_signal="SIGINT",
        stop_grace_period=90.0,
        init=False,
        read_only=True,
        cap_add=("NET_ADMIN", "NET_ADMIN"),
        sysctls={"net.core.somaxconn": "1024"},
        labels={"a": "b"},
        ulimits={"nofile": Ulimit(soft=1, hard=2), "core": Ulimit(soft=0, hard=0)},
        logging=Logging(driver="json-file", options={"max-size": "10m"}),
    )
    assert made == {
        "image": "example.org/web:1",
        "user": "1000:1000",
        "working_dir": "/app",
        "stop_signal": "SIGINT",
        "stop_grace_period": "1m30s",
        "init": False,
        "read_only": True,
        "cap_add": ["NET_ADMIN"],
        "sysctls": {"net.core.somaxconn": "1024"},
        "labels": {"a": "b"},
        "ulimits": {"nofile": {"soft": 1, "hard": 2}, "core": 0},
        "logging": {"driver": "json-file", "options": {"max-size": "10m"}},
    }


def test_dollar_signs_survive_the_clients_own_interpolation(accepted: Callable[[Translation], Any]) -> None:
    made = application(
        service(
            environment={"PRICE": "$5 ${HOME} $$ $(date)"},
            command=("sh", "-c", "echo $HOME $$"),
            labels={"rule": "^[a-z]+$"},
            healthcheck=Healthcheck(test=("CMD-SHELL", "test -n $X"), interval=0.25),
        )
    )
    read = accepted(translation(made))["services"]["web"]
    assert read["environment"] == {"PRICE": "$5 ${HOME} $$ $(date)"}
    assert read["command"] == ["sh", "-c", "echo $HOME $$"]
    assert read["labels"] == {"rule": "^[a-z]+$"}
    assert read["healthcheck"] == {"test": ["CMD-SHELL", "test -n $X"], "interval": "250ms"}


@tries(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(values=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1, max_size=20))
def test_any_text_is_sent_as_it_is(docker: str, tmp_path: Path, values: list[str]) -> None:
    """What the client sends, not what `docker stack config` prints: its own writer loses a text of one line break."""
    labels = {f"L{index}": value for index, value in enumerate(values)}
    file = tmp_path / "stack.yaml"
    file.write_text(emit(stack(application(service(command=tuple(values), labels=labels)))))
    sent = deploy(file, docker, tmp_path)[0]["services"]["app_web"]["TaskTemplate"]["ContainerSpec"]
    assert sent["Args"] == values
    assert labels.items() <= sent["Labels"].items()


def test_env_files_are_written_in_weaker_than_the_environment() -> None:
    made = service(
        env_file=(
            EnvFile(path="/project/a.env", values={"A": "a", "B": "a"}),
            EnvFile(path="/project/b.env", values={"B": "b", "C": "b"}),
            EnvFile(path="/project/none.env", required=False),
        ),
        environment={"C": "c", "UNSET": None},
    )
    assert web(env_file=made.env_file, environment=made.environment)["environment"] == {
        "A": "a",
        "B": "b",
        "C": "c",
        "UNSET": None,
    }
    told = codes(application(made))
    assert "services.web.env_file.0.path" not in told
    assert told["services.web.env_file.2.path"] == "swarm-env-file-adds-nothing"
    assert told["services.web.environment.UNSET"] == "swarm-empty-variable"


def test_an_env_file_outranked_whole_is_told() -> None:
    made = service(env_file=(EnvFile(path="/project/a.env", values={"A": "a"}),), environment={"A": "b"})
    assert codes(application(made))["services.web.env_file.0.path"] == "swarm-env-file-adds-nothing"


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("{{ .Values.x }}", '{{"{{"}} .Values.x }}'),
        ("{{.Node.Hostname}}-{{.Task.Slot}}", "{{.Node.Hostname}}-{{.Task.Slot}}"),
        ("{{.Node.Hostname}} {{ other }}", '{{"{{"}}.Node.Hostname}} {{"{{"}} other }}'),
        ("plain", "plain"),
    ],
)
def test_swarm_would_take_double_braces_for_its_templates(written: str, sent: str) -> None:
    made = application(service(environment={"T": written}, hostname=written))
    assert stack(made)["services"]["web"]["environment"] == {"T": sent}
    assert stack(made)["services"]["web"]["hostname"] == sent
    assert codes(made).get("services.web.environment.T") == ("swarm-template" if sent == written != "plain" else None)


def test_a_cleared_entrypoint_stays_cleared_where_a_command_is_given() -> None:
    assert web(entrypoint=(), command=("sleep", "1"))["entrypoint"] == [""]
    alone = application(service(entrypoint=()))
    assert "entrypoint" not in stack(alone)["services"]["web"]
    assert codes(alone)["services.web.entrypoint"] == "swarm-entrypoint-cleared"


def test_a_domain_name_goes_with_the_host_name() -> None:
    made = application(service(hostname="mail", domainname="example.org"))
    assert stack(made)["services"]["web"]["hostname"] == "mail.example.org"
    assert codes(made) == {"services.web.domainname": "swarm-domain-name"}
    assert codes(application(service(domainname="example.org"))) == {
        "services.web.domainname": "swarm-domain-name-lost"
    }


def test_a_built_image_is_named_and_asked_for() -> None:
    made = application(service(image="", build=Build(context="/project")))
    assert stack(made)["services"]["web"]["image"] == "shop-web"
    outcome = outcomes(made)["services.web.build.context"]
    assert isinstance(outcome, Missing)
    assert (outcome.code, outcome.consequence) == ("swarm-image-needed", Consequence.START)
    named = outcomes(application(service(build=Build(context="/project"))))["services.web.build.context"]
    assert isinstance(named, Missing)
    assert named.consequence is Consequence.NONE


def test_a_health_check_that_is_off_says_only_that() -> None:
    assert web(healthcheck=Healthcheck(test=("CMD", "x"), disable=True))["healthcheck"] == {"disable": True}
    assert web(healthcheck=Healthcheck(test=("NONE",)))["healthcheck"] == {"disable": True}


def test_swarm_replaces_what_is_unhealthy() -> None:
    made = application(service(healthcheck=Healthcheck(test=("CMD", "check"), interval=5.0, retries=2)))
    assert stack(made)["services"]["web"]["healthcheck"] == {"test": ["CMD", "check"], "interval": "5s", "retries": 2}
    assert codes(made) == {"services.web.healthcheck.test.0": "swarm-unhealthy-is-replaced"}


def test_hosts_keep_every_address() -> None:
    made = application(service(extra_hosts={"a": ("10.0.0.1", "::1"), "b": ("host-gateway",)}))
    assert stack(made)["services"]["web"]["extra_hosts"] == ["a:10.0.0.1", "a:::1", "b:host-gateway"]
    assert codes(made) == {"services.web.extra_hosts.b.0": "swarm-host-gateway"}


@pytest.mark.parametrize(
    ("option", "consequence"),
    [
        ("no-new-privileges:true", Consequence.SECURITY),
        ("apparmor=my-profile", Consequence.SECURITY),
        ("seccomp:unconfined", Consequence.BEHAVIOUR),
        ("label:disable", Consequence.BEHAVIOUR),
    ],
)
def test_losing_a_protection_is_worse_than_losing_a_freedom(option: str, consequence: Consequence) -> None:
    outcome = outcomes(application(service(security_opt=(option,))))["services.web.security_opt.0"]
    assert isinstance(outcome, Missing)
    assert outcome.consequence is consequence


def test_losses_are_told_with_their_consequence() -> None:
    made = application(service(privileged=True, runtime="nvidia", pid="host", pull_policy="never"))
    found = {path.rsplit(".", 1)[-1]: outcome for path, outcome in outcomes(made).items()}
    assert {key: found[key].consequence for key in ("privileged", "runtime", "pid", "pull_policy")} == {  # type: ignore[union-attr]
        "privileged": Consequence.START,
        "runtime": Consequence.START,
        "pid": Consequence.BEHAVIOUR,
        "pull_policy": Consequence.BEHAVIOUR,
    }


def test_secrets_never_appear_in_what_the_ledger_says() -> None:
    made = application(service(environment={"PASSWORD": "s3cr3t-{{.Node.ID}}", "EMPTY": ""}))
    assert "s3cr3t" not in repr(outcomes(made))


@pytest.mark.parametrize(
    "name",
    [
        "nginx",
        "nginx:1.27",
        "ghcr.io/a/b-c_d:v1",
        "localhost:5000/x/y:tag@sha256:" + "a" * 64,
        "a/b__c/d.e",
        "[::1]:80/a",
    ],
)
def test_names_of_images(name: str) -> None:
    assert codes(application(service(image=name))) == {}


@pytest.mark.parametrize("name", ["kafka:", ":latest", "Kafka", "a//b", "a b", "x:-1", "a/-b", "x@sha256:12", "a___b/"])
def test_what_is_no_name_of_an_image_is_told(name: str, docker: str, tmp_path: Path) -> None:
    made = application(service(image=name))
    assert codes(made) == {"services.web.image": "swarm-image-name"}
    file = tmp_path / "stack.yaml"
    file.write_text(emit(stack(made)))
    with pytest.raises(RuntimeError, match=r"invalid image reference|must be a string|repository name"):
        deploy(file, docker, tmp_path)
