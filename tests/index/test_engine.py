"""The engine in a process that has just begun."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from index.model.engine import compiled
from index.model.source import ConvertedModel

# Every thread comes to a model of its own at the same moment, in a process that ran none before.
_ALL_AT_ONCE = """
import sys, threading
from pathlib import Path
from index.model.embedder import Embedder
from index.model.engine import runtime
from index.model.engine import compiled
from index.model.source import converted_model

runtime()
model = converted_model(Path(sys.argv[1]))
embedders = [Embedder(model, threads=1) for _ in range(2)]
together, lengths = threading.Barrier(6), []

def ask(number):
    together.wait()
    lengths.append(len(embedders[number % 2].query("Is 0581T covered?").vector))

threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(lengths)
"""


def test_threads_that_all_ask_first_are_all_answered(model: ConvertedModel) -> None:
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", _ALL_AT_ONCE, str(model.folder.parent)],
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        assert done.stdout.strip() == str([384] * 6), done.stderr


def test_a_model_is_compiled_once_whatever_its_folder_is_called(
    model: ConvertedModel, tmp_path: Path
) -> None:
    """What is compiled takes 90 MB on the disk."""
    folder = tmp_path / "model"
    shutil.copytree(model.folder, folder, ignore=shutil.ignore_patterns("compiled"))
    for name in ("one", "another"):
        (tmp_path / name).symlink_to(folder, target_is_directory=True)
        compiled(tmp_path / name, threads=1, streams=1, precision="f32")
    assert len(list((folder / "compiled").iterdir())) == 1


def test_processes_that_compile_a_model_at_the_same_moment_all_have_it(
    model: ConvertedModel, tmp_path: Path
) -> None:
    """Each writes what it compiled under the same name: one may find it gone."""
    folder = tmp_path / "model"
    shutil.copytree(model.folder, folder, ignore=shutil.ignore_patterns("compiled"))
    code = (
        "import sys; from pathlib import Path; from index.model.engine import compiled;"
        "compiled(Path(sys.argv[1]), threads=1, streams=1, precision='f32'); print('compiled')"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for _ in range(4)
    ]
    for process in started:
        said, wrong = process.communicate(timeout=120)
        assert said.strip() == "compiled", wrong


def test_what_was_compiled_and_is_damaged_since_is_compiled_again(
    model: ConvertedModel, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model.folder, folder, ignore=shutil.ignore_patterns("compiled"))
    compiled(folder, threads=1, streams=1, precision="f32")
    (kept,) = (folder / "compiled").iterdir()
    kept.write_bytes(kept.read_bytes()[:1000])
    compiled(folder, threads=1, streams=1, precision="f32")
