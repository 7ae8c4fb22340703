"""Operations of those who keep the library: files, metadata, syncs, generations, quality."""

from __future__ import annotations

from corpus.errors import BadMetadata, CodedeskError
from index.errors import IndexLocked, IndexProblem
from index.home.generations import list_generations
from index.replicas.following import following
from ui.access import belonging
from ui.access.belonging import belongings
from ui.access.caller import ANYONE_HERE, Caller
from ui.confirming.checks import change
from ui.confirming.writing import Edit
from ui.jobs import evaluations, jobs
from ui.jobs.answering import let_answer
from ui.jobs.health import health
from ui.jobs.jobs import Job
from ui.operations.office import Office
from ui.schema import asked
from ui.schema.library import (
    Generation,
    Health,
    LibraryStatus,
    RolledBack,
    generation_of,
    status_of,
)
from ui.schema.served import Belonging, Belongings, Graded, Lacking, Noted, Stored, graded_of
from ui.state import own_library


class NothingYet(CodedeskError):
    """What is asked for was never made."""


class CannotGoBack(CodedeskError):
    """The generation that was to answer cannot."""


class NoDocument(CodedeskError):
    """A file that was sent cannot be read."""


def status(office: Office, caller: Caller, asked: asked.Nothing) -> LibraryStatus:
    return status_of(office.library(caller), following(office.home))


def doctor(office: Office, caller: Caller, asked: asked.Nothing) -> Health:
    return health(office.settings, caller.sight)


def upload(office: Office, caller: Caller, asked: asked.Upload, data: bytes) -> Stored:
    """Read the file as a sync would, and keep it. Raises NoDocument where it cannot be read."""
    library = office.library(caller)
    one = own_library.preview(asked.name, data, library, office.settings)
    if one.document is None:
        raise NoDocument(f"{one.name} was not kept. {one.problem}")
    beside = asked.beside or not office.discretion(caller).knows(f"{office.own}/{one.name}")
    path = own_library.put(office.path, one.name, data, beside=beside)
    return Stored(
        name=path.name,
        title=one.document.metadata.title,
        pages=len(one.document.pages),
        same_as=one.same_as,
        replaces=one.replaces.ordinal if one.replaces else None,
        warnings=one.document.warnings,
    )


def edit_metadata(office: Office, caller: Caller, asked: asked.EditMetadata) -> Edit:
    """Raises BadMetadata for a value that a field cannot hold, and where nothing would change."""
    changes = [
        change(asked.document, field, "; ".join(value) if isinstance(value, tuple) else value)
        for field, value in asked.fields.items()
    ]
    who = None if caller is ANYONE_HERE else caller.name
    edit = office.book.apply(office.library(caller), changes, what="API", who=who)
    if edit is None:
        raise BadMetadata("People have said all of this before. Nothing was changed.")
    return edit


def groups(office: Office, caller: Caller, asked: asked.Nothing) -> Belongings:
    return belongings(office.path, office.discretion(caller))


def regroup(office: Office, caller: Caller, asked: asked.Regroup) -> Belonging:
    """Raises NotInLibrary for what the caller may not see."""
    return belonging.regroup(office.path, office.discretion(caller), asked.path, asked.groups)


def sync(office: Office, caller: Caller, asked: asked.Sync) -> Job:
    return jobs.start(office.path, "sync", force=asked.force)


def retry(office: Office, caller: Caller, asked: asked.Nothing) -> Job:
    return jobs.start(office.path, "sync", retry=True)


def evaluate(office: Office, caller: Caller, asked: asked.Nothing) -> Job:
    return jobs.start(office.path, "evaluate")


def job(office: Office, caller: Caller, asked: asked.JobNumber) -> Job:
    if asked.number is None:
        found = jobs.latest_asked_for(office.path)
    else:
        found = jobs.read(office.path, asked.number)
    told = office.discretion(caller).job(found)
    if told is None:
        raise NothingYet("There is no such job. A sync or an evaluation starts one.")
    return told


def stop(office: Office, caller: Caller, asked: asked.JobNumber) -> Job:
    found = job(office, caller, asked)
    jobs.cancel(office.path, found.number)
    return job(office, caller, asked)


def generations(office: Office, caller: Caller, asked: asked.Nothing) -> tuple[Generation, ...]:
    kept, seen = list_generations(office.home), office.discretion(caller)
    return tuple(map(seen.generation, map(generation_of, kept)))


def rollback(office: Office, caller: Caller, asked: asked.GenerationNumber) -> RolledBack:
    """Raises CannotGoBack where there is no such generation, or where it is damaged."""
    try:
        before, now = let_answer(office.path, asked.generation)
    except IndexLocked:
        raise
    except IndexProblem as problem:
        raise CannotGoBack(str(problem)) from problem
    return RolledBack(before=before, generation=now)


def evaluation(office: Office, caller: Caller, asked: asked.GenerationNumber) -> Graded:
    number = asked.generation or office.library(caller).generation
    discretion = office.discretion(caller)
    now = discretion.evaluation(evaluations.read(office.path, number))
    if now is None:
        raise NothingYet(
            f"Generation {number} was not asked the golden questions. An evaluation asks them."
        )
    return graded_of(now, discretion.evaluation(evaluations.before(office.path, now)))


def rate(office: Office, caller: Caller, asked: asked.Rating) -> Noted:
    office.records.rate(
        asked.question,
        document=asked.document,
        good=asked.good,
        reason=asked.reason,
        generation=asked.generation,
    )
    return Noted()


def unanswered(office: Office, caller: Caller, asked: asked.Nothing) -> Lacking:
    return Lacking(questions=tuple(office.records.lacking(office.discretion(caller).heard)))
