"""A virtual environment for each reference, made once and kept.

A reference pins what it needs in `peers/NAME.txt`; none of it is ever installed beside Codedesk.
"""

import hashlib
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from measuring.processes import NotRun

PEERS = Path(__file__).parent
STAMP = "requirements.sha256"


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference: what it is called, its script, and the requirements it shares or owns."""

    name: str
    script: str
    requirements: str
    about: str


REFERENCES = (
    Reference("bm25s", "whole_text_bm25s.py", "bm25s.txt", "bm25s, whole texts"),
    Reference(
        "minilm_faiss",
        "whole_text_minilm.py",
        "sentence_transformers_faiss.txt",
        "sentence-transformers + FAISS, whole texts",
    ),
    Reference(
        "langchain",
        "langchain_ensemble.py",
        "langchain.txt",
        "LangChain, its defaults: recursive splitter, FAISS + BM25 ensemble",
    ),
    Reference(
        "langchain_careful",
        "langchain_careful.py",
        "langchain.txt",
        "LangChain with care: 1,000 characters, words for BM25",
    ),
    Reference(
        "llamaindex",
        "llamaindex_fusion.py",
        "llamaindex.txt",
        "LlamaIndex, its defaults: sentence splitter, vector + BM25 fusion",
    ),
)


def default_folder() -> Path:
    """Where the environments are kept between runs; deleting it is always safe."""
    return platformdirs.user_cache_path("codedesk") / "bench-environments"


def python_for(reference: Reference, *, folder: Path) -> Path:
    """The interpreter of the reference's environment, which is made or renewed when needed.

    Raises NotRun when it cannot be made.
    """
    home = folder / Path(reference.requirements).stem
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    requirements = PEERS / reference.requirements
    wanted = _digest(requirements)
    stamp = home / STAMP
    if python.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return python
    print(f"making the environment of {reference.name} in {home}", file=sys.stderr)
    try:
        venv.create(home, clear=True, with_pip=True)
        _install(python, requirements)
    except subprocess.CalledProcessError as error:
        raise NotRun(f"its environment could not be made: {error}") from error
    stamp.write_text(wanted, encoding="ascii")
    return python


def peer_variables() -> dict[str, str]:
    """Environment variables of a reference's process: no hub, and the harness in reach."""
    return {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "PYTHONPATH": str(PEERS.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _install(python: Path, requirements: Path) -> None:
    """Install torch alone first, so that nothing else can pull in another build of it."""
    lines = requirements.read_text(encoding="ascii").split()
    for torch in (line for line in lines if line.startswith("torch==")):
        _pip(python, torch)
    _pip(python, "-r", str(requirements))


def _pip(python: Path, *arguments: str) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", *arguments]
    subprocess.run(command, check=True, stdout=sys.stderr)


def _digest(requirements: Path) -> str:
    recipe = sys.version.encode() + requirements.read_bytes()
    return hashlib.sha256(recipe).hexdigest()
