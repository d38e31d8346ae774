from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intermodal.lab.choosing import completed, laid_out
from intermodal.lab.layout import Layout, Wanted

NAMES = st.from_regex(r"[a-z](?:[a-z0-9-]{0,28}[a-z0-9])?", fullmatch=True)


def layout(name: str = "lab", nodes: int = 3) -> Layout:
    return laid_out(completed(Wanted(name=name, nodes=nodes)), (), "token")


def names(made: Layout) -> list[str]:
    return [made.bridge, *map(made.link, made.parts), *map(made.namespace, made.parts)]


@given(NAMES)
def test_links_have_names_the_kernel_takes(name: str) -> None:
    made = layout(name, 50)
    assert all(len(link) <= 15 for link in (made.bridge, *map(made.link, made.parts)))


@given(NAMES, NAMES)
def test_nothing_of_two_labs_has_one_name(one: str, other: str) -> None:
    if one != other:
        assert not set(names(layout(one))) & set(names(layout(other)))


def test_a_lab_named_as_a_part_of_another_does_not_meet_it() -> None:
    assert not set(names(layout("a"))) & set(names(layout("a-1")))


def test_all_parts_of_a_lab_have_names_of_their_own() -> None:
    made = layout()
    links = [made.bridge, *map(made.link, made.parts)]
    assert len(set(links)) == len(links) == 5


def test_a_node_is_found_by_name_and_by_number() -> None:
    made = layout()
    found = made.node("lab-2")
    assert found
    assert found == made.node("2")
    assert made.node("lab-4") is None


def test_a_lab_without_a_registry_has_no_address_of_one() -> None:
    made = laid_out(completed(Wanted()), (), "", registry=False)
    assert made.registry_address == ""
    assert layout().registry_address == "10.77.0.2:5000"
