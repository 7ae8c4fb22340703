"""Office files are zip archives that carry the clock; here they are packed again without it."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def without_clock(archive: bytes, *, day: date) -> bytes:
    """The same archive with fixed times. It is stored, not compressed: a compressor's next version
    may pack the same text into other bytes."""
    stamp = f"{day.isoformat()}T00:00:00Z".encode()
    target = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(target, "w", ZIP_STORED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _STAMP.sub(rb"\g<1>" + stamp + rb"\g<3>", data)
            info = ZipInfo(name, _EPOCH)
            info.external_attr = 0o600 << 16
            info.create_system = 3  # else the archive would tell which system made it
            new.writestr(info, data)
    return target.getvalue()
