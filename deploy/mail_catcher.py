"""The demo's mail server: takes every message on a loopback port and lays it into a folder, sends nothing on.

    .venv/bin/python deploy/mail_catcher.py FOLDER PORT_FILE

Writes the port it got to PORT_FILE when ready. A message is one `.eml` file named by time of arrival, so that names sort
by age; the envelope's addresses are kept in `X-Envelope-To` and `X-Envelope-From`.
"""

from __future__ import annotations

import asyncio
import datetime
import os
import secrets
import signal
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

MESSAGE_BYTES_MAX = 20 * 1024 * 1024


class Catcher:
    """Answers 250 only after the message lies in the folder whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        recipients = ", ".join(envelope.rcpt_tos)
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n".encode()
        arrived = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S.%f")
        target = self.folder / f"{arrived}-{secrets.token_hex(3)}.eml"
        partial = target.with_suffix(".partial")
        partial.write_bytes(head + (envelope.original_content or b""))
        partial.rename(target)
        return "250 Message accepted"


async def serve(folder: Path, port_file: Path) -> None:
    """Listen until SIGTERM or SIGINT."""
    folder.mkdir(parents=True, exist_ok=True)
    loop = asyncio.get_running_loop()
    catcher = Catcher(folder)
    server = await loop.create_server(
        lambda: SMTP(catcher, data_size_limit=MESSAGE_BYTES_MAX, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0
    )
    partial = port_file.with_suffix(".partial")
    partial.write_text(str(server.sockets[0].getsockname()[1]))
    partial.rename(port_file)
    stopped = asyncio.Event()
    for sent in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sent, stopped.set)
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    os.umask(0o077)
    asyncio.run(serve(Path(sys.argv[1]), Path(sys.argv[2])))
