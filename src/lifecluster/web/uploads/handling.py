"""Stopping a body that is larger than any list may be, before it fills the disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from lifecluster.web.uploads.reading import SIZE_LIMIT


class Limited(FileUploadHandler):
    """Stops reading beyond the limit; the view then finds no file and says why."""

    taken = 0
    stopped = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Count, and hand on."""
        self.taken += len(raw_data)
        if self.taken > SIZE_LIMIT + 1:
            self.stopped = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        """The file is made by the handlers that follow."""
        return None
