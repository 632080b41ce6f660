"""The demo's mail server takes real mail over SMTP and acknowledges only what lies in its folder."""

import email
import email.policy
import signal
import smtplib
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

CATCHER = Path(__file__).resolve().parents[2] / "deploy/mail_catcher.py"


@pytest.fixture
def catcher(tmp_path):
    """A running mail server: its folder and port."""
    port_file = tmp_path / "port"
    process = subprocess.Popen([sys.executable, str(CATCHER), str(tmp_path / "mail"), str(port_file)])
    while not port_file.exists():
        assert process.poll() is None
    yield tmp_path / "mail", int(port_file.read_text())
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_a_message_is_kept_as_it_was_sent(catcher):
    folder, port = catcher
    sent = EmailMessage()
    sent["Subject"] = "Сигналът Ви е приет"
    sent["From"], sent["To"] = "no-reply@site.test", "resident@demo.test"
    sent.set_content("Здравейте,\n.\nтова е потвърждение.\n")
    with smtplib.SMTP("127.0.0.1", port) as server:
        assert server.send_message(sent, to_addrs=["resident@demo.test", "second@demo.test"]) == {}
        (file,) = folder.glob("*.eml")
    kept = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert kept["Subject"] == "Сигналът Ви е приет"
    assert kept["X-Envelope-To"] == "resident@demo.test, second@demo.test"
    assert kept.get_content().replace("\r\n", "\n") == "Здравейте,\n.\nтова е потвърждение.\n"


def test_names_sort_by_arrival(catcher):
    folder, port = catcher
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in range(5):
            server.sendmail("a@site.test", ["b@site.test"], f"Subject: {number}\r\n\r\nbody")
    subjects = [email.message_from_bytes(path.read_bytes())["Subject"] for path in sorted(folder.glob("*.eml"))]
    assert subjects == ["0", "1", "2", "3", "4"]


def test_mail_of_the_demo_is_for_its_owner_alone(catcher):
    folder, port = catcher
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.sendmail("a@site.test", ["b@site.test"], "Subject: x\r\n\r\nbody")
    assert [path.stat().st_mode & 0o077 for path in folder.iterdir()] == [0]
