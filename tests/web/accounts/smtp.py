"""A small mail server on this machine that holds a real SMTP conversation (RFC 5321) and keeps what it is sent."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from lifecluster.web.accounts.mailserver import MailServer


class Inbox(socketserver.ThreadingTCPServer):
    """The server: `messages` taken; `answers` replies to RCPT for an address, such as "550 no such user", or to a
    command by its name."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Conversation)
        self.messages: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.hang_up_after: int | None = None

    @property
    def server(self) -> MailServer:
        return MailServer("127.0.0.1", self.server_address[1], "none", timeout=5)

    def to(self, address: str) -> list[EmailMessage]:
        return [one for one in self.messages if one["To"] == address]


class Conversation(socketserver.StreamRequestHandler):
    """One client."""

    server: Inbox

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 inbox ready")
        for line in self.rfile:
            word = line[:4].upper().decode()
            if word == "QUIT":
                self.say("221 bye")
                return
            if word == "DATA":
                self.say("354 go on")
                self.take()
            elif word == "RCPT":
                address = line.decode().split("<")[1].split(">")[0]
                self.say(self.server.answers.get(address, "250 ok"))
            else:
                self.say(self.server.answers.get(word, "250 ok"))

    def take(self) -> None:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        self.server.messages.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
        self.say("250 taken")


@contextmanager
def inbox(port: int = 0) -> Iterator[Inbox]:
    """A running server, ended afterwards."""
    with Inbox(port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
