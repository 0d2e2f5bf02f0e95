"""The shape of a code of SIC 2007 in full."""

from __future__ import annotations

from typing import Final

SIC_CODE: Final = r"^[0-9]{5}$"
