"""The file of records under several connections and several processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ui.state.records import Records


def test_a_connection_outlives_others_of_its_process_and_of_another(tmp_path: Path) -> None:
    """One that is closed must not make the file look as if nobody had it open: another process
    would clear away what the rest still write to."""
    kept = Records(tmp_path)
    kept.save("all", address={"q": "authorization"}, generation=1, seen=[])
    Records(tmp_path).close()
    script = (
        "import sys; from pathlib import Path; from ui.state.records import Records\n"
        "other = Records(Path(sys.argv[1])); other.audit('looked'); other.close()\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, timeout=60)
    Records(tmp_path).save("more", address={"q": "units"}, generation=1, seen=[])
    assert [saved.name for saved in kept.saved()] == ["all", "more"]
    assert [one.action for one in kept.audited()] == ["looked"]
