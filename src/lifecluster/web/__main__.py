"""`python -m lifecluster.web serve` runs the web app; any other word is one of Django's management commands."""

from __future__ import annotations

import os
import sys

from lifecluster.web import settings


def main(arguments: list[str]) -> None:
    """Serve, or run a management command.

    Parameters: `arguments` without the program's name, such as `["serve", "--port", "8000"]` or `["migrate"]`.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings.module())
    if arguments[:1] == ["serve"]:
        from lifecluster.web import serve

        serve.main(arguments[1:])
        return
    from django.core.management import execute_from_command_line

    execute_from_command_line(["python -m lifecluster.web", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
