"""The embedders that the settings ask for: one for who asks, one for who indexes."""

from __future__ import annotations

from index.embedder import Embedder, asker
from index.home import Home
from index.model import converted_model, verify
from ui.settings import Settings


def asking(settings: Settings) -> Embedder:
    """The embedder of a desk; it gets ready beside what the caller does next. Raises as `asker`."""
    return asker(
        Home(settings.home),
        model=settings.model,
        threads=settings.threads,
        precision=settings.precision,
    )


def indexing(settings: Settings) -> Embedder:
    """The embedder of a sync. Its vectors are kept, so its files are compared with their sums.

    Raises ModelProblem.
    """
    model = converted_model(Home(settings.home).models, name=settings.model)
    verify(model)
    return Embedder(model, precision=settings.precision)
