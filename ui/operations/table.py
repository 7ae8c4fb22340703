"""All operations. The API's addresses, its OpenAPI document and an assistant's tools come from
here."""

from __future__ import annotations

from ui.access.roles import Act
from ui.confirming.writing import Edit
from ui.jobs.jobs import Job
from ui.operations import keeping, reading
from ui.operations.operation import Operation
from ui.schema import asked
from ui.schema.answers import Answer, Found
from ui.schema.codes import Listing, Matrix
from ui.schema.documents import Shown
from ui.schema.library import Generation, Health, LibraryStatus, RolledBack
from ui.schema.served import Graded, Lacking, Noted, Stored
from ui.schema.versions import Changes, Difference

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        name="ask",
        act=Act.ASK,
        says="Answers a question with passages of the library, word for word, or says that it does "
        "not answer.",
        do=reading.ask,
        asks=asked.Ask,
        takes="body",
        tells=Answer,
        tool="ask",
    ),
    Operation(
        name="search",
        act=Act.LIST,
        says="Finds passages by words and by meaning, the best first.",
        do=reading.search,
        asks=asked.Search,
        takes="body",
        tells=Found,
        tool="search",
    ),
    Operation(
        name="show",
        act=Act.READ,
        says="Shows a document as it was read, or one page of it.",
        do=reading.show,
        asks=asked.ShowPage,
        tells=Shown,
        tool="show_page",
    ),
    Operation(
        name="page-image",
        act=Act.READ,
        says="Draws a page of a PDF, with a box around a passage.",
        do=reading.page_image,
        asks=asked.ShowImage,
        tells=bytes,
    ),
    Operation(
        name="code",
        act=Act.LIST,
        says="Lists every passage that names or covers a code: all of them, not the best ones.",
        do=reading.code,
        asks=asked.ListCode,
        tells=Listing,
        tool="list_code",
    ),
    Operation(
        name="matrix",
        act=Act.LIST,
        says="Says payer by payer what its documents state about a code, word for word.",
        do=reading.matrix,
        asks=asked.ComparePayers,
        tells=Matrix,
        tool="compare_payers",
    ),
    Operation(
        name="diff",
        act=Act.LIST,
        says="Says what is different between two versions of a document.",
        do=reading.diff,
        asks=asked.CompareVersions,
        tells=Difference,
    ),
    Operation(
        name="changes",
        act=Act.LIST,
        says="Says what changed in the library since a day, by payer.",
        do=reading.changes,
        asks=asked.Since,
        tells=Changes,
        tool="what_changed",
    ),
    Operation(
        name="status",
        act=Act.READ,
        says="Says what is in the library and what could not be read.",
        do=keeping.status,
        tells=LibraryStatus,
    ),
    Operation(
        name="doctor",
        act=Act.WATCH,
        says="Checks the whole index: files, counts, texts, model, space.",
        do=keeping.doctor,
        tells=Health,
    ),
    Operation(
        name="feedback",
        act=Act.RATE,
        says="Keeps whether a passage was good for a question.",
        do=keeping.rate,
        asks=asked.Rating,
        takes="body",
        tells=Noted,
        status=201,
    ),
    Operation(
        name="upload",
        act=Act.UPLOAD,
        says="Puts a file into the library's own folder; the next sync reads it.",
        do=keeping.upload,
        asks=asked.Upload,
        takes="file",
        tells=Stored,
        changes=True,
    ),
    Operation(
        name="metadata",
        act=Act.EDIT,
        says="Says what a document is: title, payer, dates and so on; the next sync takes it up.",
        do=keeping.edit_metadata,
        asks=asked.EditMetadata,
        takes="body",
        tells=Edit,
        changes=True,
    ),
    Operation(
        name="sync",
        act=Act.SYNC,
        says="Starts to bring the index up to date, in a process of its own.",
        do=keeping.sync,
        asks=asked.Sync,
        takes="body",
        tells=Job,
        changes=True,
        status=202,
    ),
    Operation(
        name="retry",
        act=Act.SYNC,
        says="Starts a sync that reads again what could not be read.",
        do=keeping.retry,
        takes="body",
        tells=Job,
        changes=True,
        status=202,
    ),
    Operation(
        name="evaluate",
        act=Act.EVALUATE,
        says="Starts to ask the current generation the golden questions.",
        do=keeping.evaluate,
        takes="body",
        tells=Job,
        changes=True,
        status=202,
    ),
    Operation(
        name="job",
        act=Act.WATCH,
        says="Says how far a sync or an evaluation is, or how it ended.",
        do=keeping.job,
        asks=asked.JobNumber,
        tells=Job,
    ),
    Operation(
        name="stop",
        act=Act.SYNC,
        says="Stops a sync or an evaluation; what was published last goes on answering.",
        do=keeping.stop,
        asks=asked.JobNumber,
        takes="body",
        tells=Job,
        changes=True,
    ),
    Operation(
        name="generations",
        act=Act.WATCH,
        says="Lists the kept states of the index.",
        do=keeping.generations,
        tells=tuple[Generation, ...],
    ),
    Operation(
        name="rollback",
        act=Act.PUBLISH,
        says="Lets another kept generation answer.",
        do=keeping.rollback,
        asks=asked.GenerationNumber,
        takes="body",
        tells=RolledBack,
        changes=True,
    ),
    Operation(
        name="evaluation",
        act=Act.WATCH,
        says="Tells how a generation answered the golden questions.",
        do=keeping.evaluation,
        asks=asked.GenerationNumber,
        tells=Graded,
    ),
    Operation(
        name="unanswered",
        act=Act.REVIEW,
        says="Lists the questions that were not answered well, the most frequent first.",
        do=keeping.unanswered,
        tells=Lacking,
    ),
)
