"""The translation: asks every part for its documents, in the order in which they are best applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import replace
from intermodal.model.platform import Translation
from intermodal.model.support import Notes
from intermodal.platforms.kubernetes.context import Context
from intermodal.platforms.kubernetes.dns_names import DnsNames
from intermodal.platforms.kubernetes.files.environment import environment_documents
from intermodal.platforms.kubernetes.files.files import file_documents
from intermodal.platforms.kubernetes.groups import make_groups
from intermodal.platforms.kubernetes.kinds import Kind, awaited_ends, decide_kinds
from intermodal.platforms.kubernetes.names import Names
from intermodal.platforms.kubernetes.network.exposure import exposures
from intermodal.platforms.kubernetes.network.ingress import ingress_documents
from intermodal.platforms.kubernetes.network.isolation import isolation_documents
from intermodal.platforms.kubernetes.network.services import service_documents
from intermodal.platforms.kubernetes.objects import common_labels, document, make_object
from intermodal.platforms.kubernetes.options import check_options
from intermodal.platforms.kubernetes.shared_files import SharedFiles
from intermodal.platforms.kubernetes.storage.volumes import plan_volumes
from intermodal.platforms.kubernetes.target import make_target
from intermodal.platforms.kubernetes.waiting.parts import wait_documents
from intermodal.platforms.kubernetes.waiting.waits import waits
from intermodal.platforms.kubernetes.workload.controllers import workload_documents
from intermodal.platforms.kubernetes.workload.pods import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.model.application import Application
    from intermodal.model.files import ProjectFiles
    from intermodal.model.platform import Document, Settings


def make_context(application: Application, settings: Settings, files: ProjectFiles, notes: Notes) -> Context:
    """What all parts work with; raises `Rejected` for settings that cannot be used."""
    names = Names(application)
    return Context(
        application=application,
        settings=settings,
        files=files,
        notes=notes,
        names=names,
        dns=DnsNames(application, names),
        shared=SharedFiles(application, files, names),
        groups=make_groups(application),
        target=make_target(settings),
    )


def translate(application: Application, settings: Settings, files: ProjectFiles) -> Translation:
    """One object per document; the same application, settings and files give the same documents, byte for byte."""
    check_options(settings.options, application)
    notes = Notes()
    context = make_context(application, settings, files, notes)
    return Translation(documents=_unique(_documents(context)), notes=notes)


def _documents(context: Context) -> Iterator[Document]:
    """Everything in an order that can be applied from top to bottom."""
    storage = plan_volumes(context)
    kinds = decide_kinds(context, storage)
    shown = exposures(context, {name for name, kind in kinds.items() if kind is Kind.STATEFUL_SET})
    plan = Plan(
        kinds=kinds, exposures=shown, storage=storage, waits=waits(context, kinds, shown), awaited=awaited_ends(context)
    )
    workloads = workload_documents(plan, context)
    yield from _namespace(context)
    yield from environment_documents(context)
    yield from file_documents(context)
    yield from storage.documents()
    yield from wait_documents(plan.waits, context)
    yield from service_documents(context, shown)
    yield from workloads
    yield from ingress_documents(context, shown)
    yield from isolation_documents(context, shown)


def _namespace(context: Context) -> Iterator[Document]:
    name = context.target.namespace
    if name and context.settings.options.get("namespace-object", "no") == "yes":
        metadata = {"name": name, "labels": common_labels(context)}
        yield document(make_object(context, "Namespace", metadata))


def _unique(documents: Iterator[Document]) -> tuple[Document, ...]:
    """Stems are file names, so they differ also where case does not count; names of one kind already do."""
    made: dict[str, Document] = {}
    for found in documents:
        stem, turn = found.stem.lower(), 1
        while stem in made:
            turn += 1
            stem = f"{found.stem.lower()}-{turn}"
        made[stem] = replace(found, stem=stem) if stem != found.stem else found
    return tuple(made.values())
