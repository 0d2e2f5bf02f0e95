"""What the server says before it serves."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core import management
from django.test import override_settings

from lifecluster.web import serve

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("installed", [True, False])
def test_it_says_which_front_end_files_are_missing(
    installed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(management, "call_command", lambda *args, **kwargs: None)
    with override_settings(NODE_MODULES=settings.NODE_MODULES if installed else tmp_path):
        serve.prepare()
    said = capsys.readouterr().out
    assert ("front-end files are missing" in said) is not installed
    assert ("make front" in said and str(tmp_path) in said) is not installed
