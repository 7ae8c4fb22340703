"""The embedders that the settings ask for: one for questions, one for indexing."""

from __future__ import annotations

from index.errors import ModelProblem
from index.home import Home
from index.model.embedder import Embedder, asker
from index.model.source import INT8, converted_model, verify
from ui.state.settings import Settings


def asking(settings: Settings) -> Embedder:
    """The embedder of a desk. It loads in the background. Raises like `asker`."""
    return asker(
        Home(settings.home),
        model=settings.model,
        threads=settings.threads,
        precision=settings.precision,
    )


def indexing(settings: Settings) -> Embedder:
    """The embedder of a sync. Its vectors are stored, so the model's checksums are verified first.

    Raises ModelProblem.
    """
    device = None if settings.device == "cpu" else settings.device
    if device and settings.precision == INT8:
        raise ModelProblem(
            f'The settings `precision = "int8"` and `device = "{device}"` exclude each other: the '
            "model in eight bits runs on the processor. Remove one of them."
        )
    model = converted_model(
        Home(settings.home).models, name=settings.model, precision=settings.precision
    )
    verify(model)
    return Embedder(
        model, precision=settings.precision, device=device, token_bits=settings.token_bits
    )
