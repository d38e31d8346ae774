from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intermodal.kit.emitter import emit
from intermodal.model.application import Dependency
from intermodal.model.volumes import Mount, Volume
from tests.applications import application, service
from tests.platforms.kubernetes.workloads import Made, several

NAMES = st.text(alphabet="abAB01_.-", min_size=1, max_size=8)


def test_the_same_gives_the_same_bytes() -> None:
    def written() -> str:
        web = service("web", labels={"b": "1", "a": "2"}, depends_on={"db": Dependency()})
        db = service("db", volumes=(Mount(type="volume", source="d", target="/d"),))
        made = Made(application(web, db, volumes={"d": Volume()}))
        return "".join(document.stem + emit(document.content) for document in made.documents)

    assert written() == written()


@given(st.lists(NAMES, min_size=1, max_size=6, unique=True))
def test_every_service_has_one_controller_and_every_document_its_own_name(names: list[str]) -> None:
    made = several(*(service(name) for name in names))
    stems = [document.stem for document in made.documents]
    assert len({stem.lower() for stem in stems}) == len(stems)
    originals = [found["spec"]["template"]["metadata"] for found in made.of("Deployment").values()]
    assert len(originals) == len(names)
    objects = [(document.content["kind"], document.content["metadata"]["name"]) for document in made.documents]
    assert len(set(objects)) == len(objects)


@given(NAMES)
def test_the_original_name_is_kept(name: str) -> None:
    made = several(service(name))
    (metadata,) = [found["metadata"] for found in made.of("Deployment").values()]
    assert name in {
        metadata["labels"].get("intermodal.io/service"),
        metadata.get("annotations", {}).get("intermodal.io/original-name"),
    }


def test_a_namespace_is_on_everything_that_has_one() -> None:
    made = several(service("web", expose=("80",)), service("other"), namespace="prod", namespace_object="yes")
    assert made.documents[0].content["kind"] == "Namespace"
    assert made.documents[0].content["metadata"]["name"] == "prod"
    assert {found.content["metadata"]["namespace"] for found in made.documents[1:]} == {"prod"}


def test_without_a_namespace_none_is_written() -> None:
    assert all("namespace" not in found.content["metadata"] for found in several(service("web")).documents)


def test_every_object_says_where_it_belongs() -> None:
    for found in several(service("web", expose=("80",)), service("other")).documents:
        labels = found.content["metadata"]["labels"]
        assert labels["app.kubernetes.io/part-of"] == "shop"
        assert labels["app.kubernetes.io/managed-by"] == "intermodal"
