"""The server: gunicorn with threads, after static files were gathered and the database brought up to date."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Options:
    """How to serve: `host` and `port` to listen on, processes, threads in each, seconds before a worker is given up."""

    host: str = LOOPBACK
    port: int = 8000
    workers: int = 2
    threads: int = 4
    timeout: int = 60

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        return f"http://{'localhost' if self.host == LOOPBACK else self.host}:{self.port}"

    def name(self) -> None:
        """Let links in mails lead here, unless somebody said under what address people reach this instance."""
        os.environ.setdefault("LIFECLUSTER_URL", self.url)

    def gunicorn(self) -> dict[str, Any]:
        """The same in gunicorn's words. Workers are renewed now and then, not all at once, so that leaks stay small."""
        return {
            "bind": f"{self.host}:{self.port}",
            "worker_class": "gthread",
            "workers": self.workers,
            "threads": self.threads,
            "timeout": self.timeout,
            "graceful_timeout": 20,
            "keepalive": 5,
            "max_requests": 5000,
            "max_requests_jitter": 500,
            "limit_request_line": 8190,
            "worker_tmp_dir": None,
            "proc_name": "lifecluster",
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
        }


def parse(arguments: Sequence[str]) -> Options:
    """Options from the command line."""
    parser = argparse.ArgumentParser(prog="python -m lifecluster.web serve", description=__doc__)
    defaults = Options()
    parser.add_argument("--host", default=defaults.host, help="address to listen on (default: this machine only)")
    for name, text in (("port", "port to listen on"), ("workers", "processes"), ("threads", "threads per process")):
        parser.add_argument(f"--{name}", type=int, default=getattr(defaults, name), help=text)
    return Options(**vars(parser.parse_args(arguments)))


def prepare() -> None:
    """Gather static files and bring the database up to date; both are quiet and may be repeated."""
    import django
    from django.conf import settings
    from django.core.checks import Tags, run_checks
    from django.core.management import call_command

    django.setup()
    for one in run_checks(tags=[Tags.staticfiles]):
        sys_stdout_line(f"{one.msg}. {one.hint}")
    if "Hashed" in settings.STORAGES["staticfiles"]["BACKEND"]:
        call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)


def main(arguments: Sequence[str]) -> None:
    """Prepare, then serve until stopped."""
    options = parse(arguments)
    options.name()
    prepare()
    run(options)


def run(options: Options) -> None:
    """Hand over to gunicorn; returns only by leaving the process."""
    from gunicorn.app.base import BaseApplication

    class Application(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
        def load_config(self) -> None:
            for key, value in options.gunicorn().items():
                if key in self.cfg.settings:  # a setting that this gunicorn does not have is left out
                    self.cfg.set(key, value)

        def load(self) -> Any:
            from lifecluster.web.wsgi import application

            return application

    sys_stdout_line(f"Lifecluster is at {options.url}")
    Application().run()


def sys_stdout_line(text: str) -> None:
    """One line for the person who started the server."""
    import sys

    sys.stdout.write(text + "\n")
    sys.stdout.flush()
