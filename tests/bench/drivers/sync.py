"""Driver: a sync of real files by real workers, with the stand-in for the model."""

from dataclasses import asdict
from pathlib import Path
from time import perf_counter

from drivers.job import Figures, Job, main, memory
from drivers.standin import StandIn, geometry

from index.home import Home
from index.model.source import converted_model
from index.sync import SyncSettings, sync


def measure(job: Job) -> Figures:
    """Sync `library` into `home`. The stand-in is made ready before the clock starts."""
    home = Home(Path(job["home"]))
    model = converted_model(home.models)
    known = geometry(model, Path(job["geometry"]), seed=job["seed"])
    embedder = StandIn(model, known, seed=job["seed"])
    ready = memory()
    started = perf_counter()
    report = sync(
        home,
        [(None, Path(job["library"]))],
        embedder=lambda: embedder,
        settings=SyncSettings(workers=job["workers"]),
    )
    seconds = perf_counter() - started
    found = asdict(report)
    return {
        "passages": found["passages"],
        "documents": found["documents"],
        "embedded": found["embedded"],
        "failed": len(found["failed"]),
        "seconds": round(seconds, 3),
        "standin_seconds": round(embedder.seconds, 3),
        "standin_memory_mb": ready.get("now_mb"),
        "geometry": known.about(),
        **memory(),
    }


if __name__ == "__main__":
    main(measure)
