"""The supervisor leaves nobody behind, however it ends, and hides no death."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SITE = f"""
import signal
import sys
sys.path.insert(0, {str(DEPLOY)!r})
import serve
from place import main
SLEEPER = "import signal, sys; print('up', flush=True); signal.sigwait([signal.SIGUSR1])"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER
serve.STOP_SECONDS = 1
def run(arguments):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # also when the tests themselves run under nohup
    serve.stop_on_signals()
    site = serve.Supervisor()
    try:
        site.start("first", [sys.executable, "-c", SLEEPER])
        site.start("second", [sys.executable, "-c", STUBBORN if "stubborn" in arguments else SLEEPER])
        print(*(child.pid for child in site.children.values()), flush=True)
        site.watch()
    except serve.Stopped:
        pass
    finally:
        site.stop()
main(run)
"""


@pytest.fixture
def site(request):
    """A supervisor with two processes, both up; gives it and their pids."""
    arguments = getattr(request, "param", [])
    process = subprocess.Popen(
        [sys.executable, "-c", SITE, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    said = ""  # three write into one pipe, and a busy machine may put one's word into another's line
    while said.count("up") < 2 or len(pids := [int(word) for word in re.findall(r"\d+", said)]) < 2:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        said += line
    yield process, pids
    process.kill()
    process.communicate()


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everybody(site, ended, sent):
    process, pids = site
    process.send_signal(sent)
    assert process.wait(10) == 0
    assert [ended(pid, 1) for pid in pids] == [True, True]


@pytest.mark.parametrize("site", [["stubborn"]], indirect=True)
def test_a_repeated_signal_does_not_break_the_stopping_off(site, ended):
    process, pids = site
    process.send_signal(signal.SIGTERM)
    assert ended(pids[0], 10)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    assert [ended(pid, 1) for pid in pids] == [True, True]


def test_a_death_stops_the_others_and_is_told(site, ended):
    process, pids = site
    subprocess.run(["kill", "-9", str(pids[0])], check=True)
    assert process.wait(10) == 1
    assert "the first ended by itself (exit code -9)" in process.stderr.read()
    assert ended(pids[1], 1)


def test_killing_the_supervisor_ends_its_processes(site, ended):
    process, pids = site
    process.kill()
    assert process.wait(10) == -signal.SIGKILL
    assert [ended(pid, 10) for pid in pids] == [True, True]


@pytest.mark.parametrize("site", [["stubborn"]], indirect=True)
def test_who_does_not_stop_is_killed(site, ended):
    process, pids = site
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert [ended(pid, 1) for pid in pids] == [True, True]
