"""What is made anew, and why: all documents where the recipe changed, else those that are concerned
by what changed; and the recipe of what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus.readers.scans.models import recogniser
from index.agreement import disagreement
from index.embedded import EmbeddedLibrary
from index.embedded.generation import Generation
from index.home import Home
from index.model.embedder import Embedder
from index.model.identity import probed, recipe
from index.shards.stored import FileState
from index.sync.names import NAMES, as_recipe, concerned
from index.sync.past import Past
from index.sync.plan import Plan
from index.sync.settings import SyncSettings
from index.sync.start import RECOGNISER, TOKEN_BITS, make_recipe, why_rebuild


class Anew:
    """`rebuilt` is why all is read anew; "" where it is not."""

    def __init__(
        self, home: Home, past: Past | None, embedder: Embedder, settings: SyncSettings
    ) -> None:
        self._home = home
        self._past = past
        self._embedder = embedder
        self._settings = settings
        self._differs = self._disagreement()
        self._recipe = make_recipe(
            recipe(embedder), settings.lengths, token_bits=embedder.token_bits
        )
        self._recogniser = recogniser() if settings.limits.seconds_per_scan > 0 else ""
        self._pictures = self._to_recognise()
        self._renaming = concerned(past, settings.names)
        self.rebuilt = why_rebuild(past, self._recipe, differs=self._differs, force=settings.force)

    def is_read_again(self, state: FileState) -> bool:
        """Whether a file is read though nothing of it changed."""
        failed = self._settings.retry and state.state == "failed"
        return failed or state.document in self._pictures or state.document in self._renaming

    @property
    def built_upon(self) -> Generation | None:
        """The generation whose documents stay as they are."""
        return None if self.rebuilt else self._generation

    @property
    def donor(self) -> Generation | None:
        """The generation whose vectors equal passages would get again."""
        others = self._differs or self._settings.force or self._has_other_tokens
        return None if others else self._generation

    def recipe(self, plan: Plan) -> dict[str, Any]:
        """The recipe of what comes out, once the plan is carried out."""
        done = {*plan.removed, *(file.document for file in plan.to_read)}
        return {
            **self._recipe,
            "embedder": self._embedder_recipe(),
            RECOGNISER: self._recogniser if self._pictures <= done else self._recognised_by,
            NAMES: self._named_with(done),
        }

    @property
    def _generation(self) -> Generation | None:
        return self._past.generation if self._past else None

    def _disagreement(self) -> str:
        """Why the embedder's vectors do not belong with those of before; "" where they do."""
        generation = self._generation
        if generation is None:
            return ""
        home, built = self._home, generation.manifest.recipe.get("embedder")
        return disagreement(
            home, built, self._embedder, lambda: EmbeddedLibrary(home, generation.number)
        )

    def _to_recognise(self) -> frozenset[str]:
        """The documents with pages that are pictures, where what recognises them is new."""
        if self._past is None or self._recogniser in ("", self._recognised_by):
            return frozenset()
        pictures = (state.document for state in self._past.files() if state.state == "needs_ocr")
        return frozenset((*pictures, *self._past.pages_to_read()))

    @property
    def _recognised_by(self) -> str:
        """What recognised the pages of before: that stays while pictures wait in folders that are
        not synced now."""
        return self._past.manifest.recipe.get(RECOGNISER, "") if self._past else ""

    @property
    def _has_other_tokens(self) -> bool:
        """Whether those of before are kept in more or fewer bits."""
        before = self._past.manifest.recipe if self._past else {}
        return int(before.get(TOKEN_BITS, 8)) != self._embedder.token_bits

    def _named_with(self, done: set[str]) -> Any:
        """The names that documents were looked through for; those of before while some that they
        concern lie in folders not synced now."""
        if self._past is None or self.rebuilt or self._renaming <= done:
            return as_recipe(self._settings.names)
        return self._past.manifest.recipe.get(NAMES, [])

    def _embedder_recipe(self) -> Mapping[str, Any]:
        """That of the engine which made the first vectors: were it replaced by each one that is
        near, the vectors could drift."""
        if self._past and self._generation and not self._differs and not self._settings.force:
            before: Mapping[str, Any] = self._past.manifest.recipe["embedder"]
            if "probes" in before:
                return before
        return probed(self._embedder)
