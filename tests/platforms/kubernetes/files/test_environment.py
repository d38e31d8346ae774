from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.model.files import EnvFile
from intermodal.platforms.kubernetes.files.credentials import looks_secret
from intermodal.platforms.kubernetes.files.environment import environment_documents, environment_parts
from intermodal.platforms.kubernetes.names import is_environment_name
from intermodal.platforms.kubernetes.payload import content_hash, payload_fields
from tests.applications import application, kubernetes_context, service, settings

if TYPE_CHECKING:
    from intermodal.platforms.kubernetes.context import Context


def env_file(path: str = "/project/app.env", **values: str) -> EnvFile:
    return EnvFile(path=path, values=values)


def context_of(options: dict[str, str] | None = None, **fields: Any) -> Context:
    return kubernetes_context(application(service("web", **fields)), settings(options=options or {}))


def variables(context: Context) -> dict[str, str]:
    """What the process sees: the files' variables, later over earlier, and over them its own."""
    parts = environment_parts("web", context)
    held = {document.content["metadata"]["name"]: document.content for document in environment_documents(context)}
    seen: dict[str, str] = {}
    for source in parts.env_from:
        (reference,) = source.values()
        seen |= _texts(held[reference["name"]])
    for variable in parts.env:
        if "value" in variable:
            seen[variable["name"]] = variable["value"].replace("$$", "$")
        else:
            chosen = variable["valueFrom"]["secretKeyRef"]
            seen[variable["name"]] = _texts(held[chosen["name"]])[chosen["key"]]
    return seen


def _texts(holder: Any) -> dict[str, str]:
    coded = holder.get("binaryData", {}) if holder["kind"] == "ConfigMap" else holder.get("data", {})
    plain = holder.get("data", {}) if holder["kind"] == "ConfigMap" else holder.get("stringData", {})
    return {**plain, **{key: b64decode(value).decode() for key, value in coded.items()}}


def code(context: Context, *path: str | int) -> str:
    environment_parts("web", context)
    return str(getattr(context.notes.notes.get(("services", "web", *path)), "code", ""))


NAMES = st.sampled_from(["A", "B", "DB_PASSWORD", "API_TOKEN", "x.y", "1X"])
VALUES = st.sampled_from(["", "plain", "$(A)", "$$", "a$b", "two\nlines", "http://u:p@h/", "\x07"])


@given(
    st.lists(st.dictionaries(NAMES, VALUES), max_size=3),
    st.dictionaries(NAMES, VALUES | st.none()),
    st.sampled_from(["configmap", "inline"]),
    st.sampled_from(["keep", "secret"]),
)
def test_processes_see_what_docker_would_show_them(
    files: list[dict[str, str]], environment: dict[str, str | None], how: str, secret: str
) -> None:
    context = context_of(
        {"env-files": how, "secret-env": secret},
        env_file=tuple(EnvFile(path=f"/project/{n}.env", values=values) for n, values in enumerate(files)),
        environment=environment,
    )
    expected: dict[str, str | None] = {}
    for layer in files:
        expected |= layer
    expected |= environment
    assert variables(context) == {
        name: value for name, value in expected.items() if value is not None and is_environment_name(name)
    }


def test_a_dollar_is_shown_as_written() -> None:
    (variable,) = environment_parts("web", context_of(environment={"A": "$(HOME) $$ $x"})).env
    assert variable == {"name": "A", "value": "$$(HOME) $$$$ $x"}


def test_one_file_of_two_services_is_one_object_named_by_its_content() -> None:
    def documents(**values: str) -> list[Any]:
        shared = (env_file("/project/config/app.env", **values),)
        made = application(service("web", env_file=shared), service("worker", env_file=shared))
        return [document.content for document in environment_documents(kubernetes_context(made))]

    (one,) = documents(A="1")
    (other,) = documents(A="2")
    assert one["kind"] == "ConfigMap"
    assert one["immutable"] is True
    assert one["metadata"]["name"].startswith("config-app-env-")
    assert one["metadata"]["name"] != other["metadata"]["name"]


def test_secrets_move_only_when_asked() -> None:
    environment = {"DB_PASSWORD": "hunter2", "NAME": "shop"}
    kept = context_of(environment=environment)
    assert environment_documents(kept) == ()
    moved = context_of({"secret-env": "secret"}, environment=environment)
    (document,) = environment_documents(moved)
    assert document.content["kind"] == "Secret"
    assert document.content["stringData"] == {"DB_PASSWORD": "hunter2"}
    assert [sorted(variable) for variable in environment_parts("web", moved).env] == [
        ["name", "valueFrom"],
        ["name", "value"],
    ]


def test_secret_looking_variables_are_pointed_at_once_by_name_only() -> None:
    context = context_of(environment={"A": "x", "API_TOKEN": "t0p", "DB_PASSWORD": "hunter2"})
    assert code(context, "environment", "API_TOKEN") == "secret-in-environment"
    assert code(context, "environment", "DB_PASSWORD") == ""
    outcome: Any = context.notes.notes["services", "web", "environment", "API_TOKEN"]
    assert "DB_PASSWORD" in outcome.why
    assert "hunter2" not in str(outcome)
    assert "t0p" not in str(outcome)


def test_a_file_with_secrets_becomes_a_secret_when_asked() -> None:
    context = context_of({"secret-env": "secret"}, env_file=(env_file(DB_PASSWORD="x", NAME="y"),))  # noqa: S106
    assert environment_documents(context)[0].content["kind"] == "Secret"
    assert "secretRef" in environment_parts("web", context).env_from[0]
    assert code(context_of(env_file=(env_file(DB_PASSWORD="x"),)), "env_file", 0, "path") == "secret-in-environment"  # noqa: S106


@pytest.mark.parametrize(
    ("environment", "expected"),
    [({"A": None}, "variable-not-set"), ({"1A": "x"}, "variable-name-not-possible"), ({"A": ""}, "")],
)
def test_variables_that_cannot_be_carried_over(environment: dict[str, str | None], expected: str) -> None:
    assert code(context_of(environment=environment), "environment", *environment) == expected


def test_files_that_cannot_be_carried_over() -> None:
    assert code(context_of(env_file=(env_file(),)), "env_file", 0, "path") == "env-file-empty"
    assert code(context_of(env_file=(EnvFile(path="/x", values={"1A": ""}),)), "env_file", 0, "path") == (
        "variable-name-not-possible"
    )
    assert code(context_of(env_file=(env_file(A="x" * 1_100_000),)), "env_file", 0, "path") == "object-too-large"


def test_hosts_that_cannot_be_are_replaced_and_told_of() -> None:
    made = application(service("web", environment={"DB_HOST": "my_db"}), service("my_db"))
    context = kubernetes_context(made)
    assert environment_parts("web", context).env == ({"name": "DB_HOST", "value": "my-db"},)
    assert code(context, "environment", "DB_HOST") == "host-name-replaced"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "x"),
        ("MYSQL_ROOT_PASSWORD", "123456"),
        ("AWS_SECRET_ACCESS_KEY", "x"),
        ("GITHUB_TOKEN", "x"),
        ("DATABASE_URL", "postgres://me:pw@db/x"),
        ("CELERY_BROKER", "redis://:pw@redis"),
    ],
)
def test_what_looks_secret(name: str, value: str) -> None:
    assert looks_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD_FILE", "/run/secrets/pw"),
        ("TOKEN", "/run/secrets/pw"),
        ("TOKEN_TTL", "3600"),
        ("SECRET_ENABLED", "true"),
        ("DATABASE_URL", "postgres://me@db/x"),
        ("HOSTNAME", "x"),
    ],
)
def test_what_does_not(name: str, value: str) -> None:
    assert not looks_secret(name, value)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.binary(max_size=40)))
def test_payloads_are_byte_exact(contents: dict[str, bytes]) -> None:
    for kind, readable, exact in (("ConfigMap", "data", "binaryData"), ("Secret", "stringData", "data")):
        fields = payload_fields(kind, contents)
        texts = {key: text.encode() for key, text in fields.get(readable, {}).items()}
        others = {key: b64decode(text) for key, text in fields.get(exact, {}).items()}
        assert texts | others == contents


def test_a_byte_order_mark_is_kept_from_readers_that_drop_it() -> None:
    assert payload_fields("ConfigMap", {"a": b"\xef\xbb\xbfx"}) == {"binaryData": {"a": "77u/eA=="}}


def test_hashes_tell_contents_apart() -> None:
    different = [{"a": b"bc"}, {"ab": b"c"}, {"a": b"b", "c": b""}, {}]
    assert len({content_hash(contents) for contents in different}) == len(different)
    assert content_hash({"a": b"1"}) == content_hash({"a": b"1"})
