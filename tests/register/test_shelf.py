"""The packages of a folder stand with the newest first."""

from __future__ import annotations

import json
import os

from lifecluster.register.package import DESCRIPTOR
from lifecluster.register.shelf import shelf


def test_of_one_day_the_one_written_last_stands_first(tmp_path):
    for written, (name, at) in enumerate(
        [("a", "2026-01-01"), ("c", "2026-02-01"), ("b", "2026-02-01"), ("d", "2026-01-01")]
    ):
        (tmp_path / name).mkdir()
        descriptor = tmp_path / name / DESCRIPTOR
        descriptor.write_text(
            json.dumps({"name": name, "lifecluster": {"at": at, "counts": {"organisations": 1}}}), "utf-8"
        )
        os.utime(descriptor, (written, written))
    (tmp_path / "current").symlink_to("a", target_is_directory=True)
    (tmp_path / "none").mkdir()
    assert [(one.name, one.current) for one in shelf(tmp_path)] == [
        ("b", False),
        ("c", False),
        ("d", False),
        ("a", True),
    ]
