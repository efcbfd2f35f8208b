"""A mail server on this machine that keeps what it receives."""

import time
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from typing import Self


@dataclass
class Received:
    """A mail: the addresses of its envelope, and its content."""

    to: list[str] = field(default_factory=list)
    message: EmailMessage = field(default_factory=EmailMessage)


class MailServer(ThreadingTCPServer):
    """Accepts mails, but for those to addresses that begin with `unknown`.

    It pauses after each byte that it sends.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, pause_s: float = 0, farewell: str = "221 bye") -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.pause_s = pause_s
        self.farewell = farewell
        self.session_ended = Event()
        self.received: list[Received] = []
        self.credentials: list[str] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Session(StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.reply("220 here")
        mail = Received()
        while line := self.rfile.readline().decode().strip():
            match line.split(maxsplit=1)[0].upper(), line:
                case "EHLO", _:
                    self.reply("250-here", "250 AUTH PLAIN")
                case "AUTH", _:
                    self.server.credentials.append(line)
                    self.reply("235 ok")
                case "RCPT", _:
                    address = line.partition("<")[2].rstrip(">")
                    if address.startswith("unknown"):
                        self.reply("550 nobody of that name")
                    else:
                        mail.to.append(address)
                        self.reply("250 ok")
                case "DATA", _:
                    self.reply("354 go on")
                    message = message_from_bytes(self.read_data(), policy=default)
                    assert isinstance(message, EmailMessage)
                    mail.message = message
                    self.server.received.append(mail)
                    self.reply("250 ok")
                case "QUIT", _:
                    self.reply(self.server.farewell)
                    return
                case _:
                    self.reply("250 ok")

    def read_data(self) -> bytes:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(line.removeprefix(b".") for line in lines)

    def reply(self, *lines: str) -> None:
        content = "".join(f"{line}\r\n" for line in lines).encode()
        if not self.server.pause_s:
            self.wfile.write(content)
            return
        for byte in content:
            self.wfile.write(bytes([byte]))
            time.sleep(self.server.pause_s)

    def finish(self) -> None:
        super().finish()
        self.server.session_ended.set()
