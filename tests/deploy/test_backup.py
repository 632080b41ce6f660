"""A backup brings back every row and every file; a bad one changes nothing."""

import os
import subprocess
import tarfile
from pathlib import Path

import pytest


@pytest.fixture
def filled(running):
    """An installation with a table and an upload."""
    running.sql(
        "CREATE TABLE django_migrations (id int);"
        "CREATE TABLE place (name text, geom geometry(Point, 4326));"
        "INSERT INTO place VALUES ('Ботевград', ST_SetSRID(ST_MakePoint(23.79, 42.91), 4326))"
    )
    photo = running.var / "media/ab/original.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(bytes(range(256)))
    return running


def state(installation) -> tuple[str, dict[str, bytes]]:
    media = installation.var / "media"
    files = {str(path.relative_to(media)): path.read_bytes() for path in sorted(media.rglob("*")) if path.is_file()}
    return installation.sql("SELECT name, ST_AsText(geom) FROM place ORDER BY name"), files


def test_restore_brings_back_rows_and_files(filled):
    target = filled.var.parent / "моят архив.tar"
    done = filled.script("backup.py", "backup", str(target))
    assert done.returncode == 0, done.stderr
    before = state(filled)
    assert before == ("Ботевград|POINT(23.79 42.91)", {"ab/original.jpg": bytes(range(256))})

    filled.sql("UPDATE place SET name = 'Друг'; CREATE TABLE later (n int)")
    (filled.var / "media/ab/original.jpg").write_bytes(b"changed")
    (filled.var / "media/new.jpg").write_bytes(b"new")
    done = filled.script("backup.py", "restore", str(target))
    assert done.returncode == 0, done.stderr
    assert state(filled) == before
    assert filled.sql("SELECT to_regclass('later') IS NULL") == "t"


def test_the_key_that_browsers_know_comes_back_and_an_older_backup_leaves_the_present_one(filled):
    key, older, target = filled.var / "vapid_key", filled.var.parent / "older.tar", filled.var.parent / "b.tar"
    assert filled.script("backup.py", "backup", str(older)).returncode == 0
    key.write_text("private public\n")
    key.chmod(0o600)
    assert filled.script("backup.py", "backup", str(target)).returncode == 0
    key.unlink()
    done = filled.script("backup.py", "restore", str(target))
    assert (done.returncode, key.read_text(), key.stat().st_mode & 0o777) == (0, "private public\n", 0o600), done.stderr
    key.write_text("another pair\n")
    assert filled.script("backup.py", "restore", str(target)).returncode == 0
    assert key.read_text() == "private public\n"
    assert filled.script("backup.py", "restore", str(older)).returncode == 0
    assert key.read_text() == "private public\n"
    with tarfile.open(target) as archive:
        assert archive.getmember("vapid_key").isfile()


def test_what_restore_replaces_can_be_brought_back(filled):
    target = filled.var.parent / "b.tar"
    filled.script("backup.py", "backup", str(target))
    filled.sql("UPDATE place SET name = 'По-късно'")
    later = state(filled)
    assert filled.script("backup.py", "restore", str(target)).returncode == 0
    (saved,) = (filled.var / "backups").glob("before-restore-*.tar")
    assert filled.script("backup.py", "restore", str(saved)).returncode == 0
    assert state(filled) == later


def test_without_a_name_the_backup_lies_under_var(filled):
    assert filled.script("backup.py", "backup").returncode == 0
    (made,) = (filled.var / "backups").iterdir()
    with tarfile.open(made) as archive:
        assert {"manifest.json", "database.dump", "media/ab/original.jpg"} <= set(archive.getnames())
    assert made.stat().st_mode & 0o077 == 0


def test_a_damaged_backup_changes_nothing(filled):
    target = filled.var.parent / "b.tar"
    filled.script("backup.py", "backup", str(target))
    folder = filled.var.parent / "opened"
    with tarfile.open(target) as archive:
        archive.extractall(folder)
    dump = (folder / "database.dump").read_bytes()
    (folder / "database.dump").write_bytes(dump[: len(dump) // 2])
    with tarfile.open(target, "w") as archive:
        archive.add(folder, ".", recursive=False)
        for name in ("manifest.json", "database.dump", "media"):
            archive.add(folder / name, name)
    before = state(filled)
    done = filled.script("backup.py", "restore", str(target))
    assert done.returncode == 1
    assert "failed" in done.stderr
    assert state(filled) == before


@pytest.mark.parametrize(
    ("name", "words"),
    [("missing.tar", "there is no file"), ("text.tar", "is not a backup"), ("other.tar", "is not a backup made by")],
)
def test_what_is_not_a_backup_is_refused(filled, name, words):
    folder = filled.var.parent
    (folder / "text.tar").write_text("no archive")
    with tarfile.open(folder / "other.tar", "w") as archive:
        archive.add(folder / "text.tar", "something")
    before = state(filled)
    done = filled.script("backup.py", "restore", str(folder / name))
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert state(filled) == before


def test_a_backup_cut_short_is_refused_before_anything_is_touched(filled):
    whole, cut = filled.var.parent / "b.tar", filled.var.parent / "cut.tar"
    assert filled.script("backup.py", "backup", str(whole)).returncode == 0
    with tarfile.open(whole) as archive:
        photo = archive.getmember("media/ab/original.jpg")
    before = state(filled)
    for length in (whole.stat().st_size // 2, photo.offset, photo.offset_data + 100):
        cut.write_bytes(whole.read_bytes()[:length])
        done = filled.script("backup.py", "restore", str(cut))
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert "cut.tar is cut short" in done.stderr
    assert state(filled) == before
    assert not list((filled.var / "backups").glob("before-restore-*"))


def test_a_backup_makes_no_folder_of_a_slip(installation):
    target = installation.var.parent / "none/x.tar"
    done = installation.script("backup.py", "backup", str(target))
    assert (done.returncode, done.stderr) == (
        1, f"geoportal: there is no folder {target.parent}: make it first, or name another place with FILE=\n"
    )  # fmt: skip
    assert not target.parent.exists()


def test_make_says_nothing_of_its_own_about_the_file_to_restore(tmp_path):
    (tmp_path / "b.tar").touch()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        ["make", "restore", str(tmp_path / "b.tar"), "START=echo"],
        cwd=Path(__file__).resolve().parents[2], env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == f"backup.py restore {tmp_path / 'b.tar'}\n"


@pytest.mark.parametrize("answer", ["", "no\n", "maybe\n"])
def test_reset_without_a_yes_removes_nothing(filled, answer):
    before = state(filled)
    done = filled.script("backup.py", "reset", words=answer)
    assert done.returncode == 1
    assert "nothing was removed" in done.stderr
    assert state(filled) == before


def test_reset_removes_the_server_and_all_files(filled, ended):
    pid = filled.server_pid()
    done = filled.script("backup.py", "reset", words="yes\n")
    assert done.returncode == 0, done.stderr
    assert ended(pid, 1)
    assert not filled.var.exists()


@pytest.mark.parametrize(
    ("name", "kind"), [("../outside", tarfile.REGTYPE), ("/outside", tarfile.REGTYPE), ("link", tarfile.SYMTYPE)]
)
def test_a_backup_that_reaches_outside_is_refused(filled, name, kind):
    target = filled.var.parent / "b.tar"
    filled.script("backup.py", "backup", str(target))
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "/etc/passwd" if kind == tarfile.SYMTYPE else ""
    with tarfile.open(target, "a") as archive:
        archive.addfile(member)
    before = state(filled)
    done = filled.script("backup.py", "restore", str(target))
    assert (done.returncode, "is no file or folder inside it" in done.stderr) == (1, True)
    assert state(filled) == before
