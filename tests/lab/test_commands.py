from __future__ import annotations

from pathlib import PurePosixPath

from intermodal.lab import commands
from intermodal.lab.choosing import completed, laid_out
from intermodal.lab.layout import Wanted

LAYOUT = laid_out(completed(Wanted(engine="/opt/docker/dockerd")), (), "token")


def test_what_a_bridge_makes_is_what_its_removal_removes() -> None:
    made = commands.bridge(LAYOUT)
    assert made[0] == ("ip", "link", "add", "imb-lab", "type", "bridge")
    assert commands.no_bridge(LAYOUT) == (("ip", "link", "delete", "imb-lab"),)
    rule, removal = made[-1], commands.no_rule(LAYOUT)
    assert [word if word != "-I" else "-D" for word in rule] == list(removal)
    assert "intermodal lab lab" in rule


def test_a_node_gets_its_address_and_no_way_out() -> None:
    said = [" ".join(argv) for argv in commands.plugged(LAYOUT, "2", "10.77.0.12")]
    assert "ip -netns im-lab-2 address add 10.77.0.12/24 dev eth0" in said
    assert not [line for line in said if "route" in line]


def test_what_was_plugged_in_is_unplugged_by_the_same_names() -> None:
    assert commands.unplugged(LAYOUT, "2") == (
        ("ip", "link", "delete", "im-lab-2"),
        ("ip", "netns", "delete", "im-lab-2"),
    )


def test_a_node_has_namespaces_of_its_own_and_dies_as_one() -> None:
    argv = commands.booted(LAYOUT, "2", "lab-2", PurePosixPath("/x/2"))
    assert argv[:2] == ("nsenter", "--net=/run/netns/im-lab-2")
    assert {"--mount", "--uts", "--pid", "--kill-child", "--mount-proc"} <= set(argv)
    assert argv[-4:] == ("node", "lab-2", "/x/2", "/opt/docker/dockerd")


def test_a_slow_link_is_slow_both_ways_and_is_mended_both_ways() -> None:
    slow, whole = commands.slowed(LAYOUT, "2", "1mbit"), commands.unslowed(LAYOUT, "2")
    assert [("im-lab-2" in argv, "1mbit" in argv) for argv in slow] == [(True, True), (True, True)]
    assert [argv[argv.index("dev") + 1] for argv in slow] == ["im-lab-2", "eth0"]
    assert [argv[argv.index("dev") + 1] for argv in whole] == ["im-lab-2", "eth0"]


def test_cutting_and_mending_are_of_the_same_link() -> None:
    assert commands.cut(LAYOUT, "3") == (("ip", "link", "set", "im-lab-3", "down"),)
    assert commands.mended(LAYOUT, "3") == (("ip", "link", "set", "im-lab-3", "up"),)


def test_every_program_has_a_package() -> None:
    every = (
        *commands.bridge(LAYOUT),
        *commands.plugged(LAYOUT, "1", "a"),
        *commands.slowed(LAYOUT, "1", "1mbit"),
        commands.detached(PurePosixPath("/log"), ("x",)),
        commands.in_hub(LAYOUT, ("docker-registry",)),
    )
    assert {argv[0] for argv in every} <= set(commands.PACKAGES)
