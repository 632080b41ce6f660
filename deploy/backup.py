"""Database and media as one file, and back.

    deploy/with-python backup.py backup [FILE]     (or FILE= in the environment)
    deploy/with-python backup.py restore FILE
    deploy/with-python backup.py reset

The file is a tar: `manifest.json`, `database.dump` (pg_dump's custom format), `media/` and `vapid_key`. The database is dumped first
and files are written before their rows, so every row of a backup has its file. Browsers take messages only from whoever signs with
the key that they were shown: without it all that are subscribed in the database would hear nothing more.
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit, urlunsplit

import cluster
from place import VAR, Refused, main, own_database, refuse_unusable_settings, say

FORMAT = 1
BACKUPS = VAR / "backups"


def push_key() -> Path:
    """The key with which messages to browsers are signed, made when it was first needed; see notifications/push.py."""
    return VAR / "vapid_key"


def media_folder() -> Path:
    """Where uploads lie."""
    return Path(os.environ.get("MEDIA_ROOT") or VAR / "media")


def _program(name: str) -> str:
    """PostgreSQL's client program: of the server's version when the server is ours, else the newest here."""
    if own_database():
        return str(cluster.programs() / name)
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    program = str(found[-1]) if found else shutil.which(name)
    if not program:
        raise Refused(f"{name} is missing: install Debian's package postgresql-client")
    return program


def _address(database: str | None = None) -> str:
    """A libpq address, without password, of the site's database, or of another one beside it on the same server."""
    if own_database():
        socket = str(cluster.SOCKET).replace("\\", "\\\\").replace("'", "\\'")
        return f"host='{socket}' user={cluster.DATABASE} dbname={database or cluster.DATABASE}"
    parts = urlsplit(os.environ["DATABASE_URL"])
    person, at, host = parts.netloc.rpartition("@")
    place = f"{person.partition(':')[0]}{at}{host}"
    return urlunsplit(parts._replace(scheme="postgresql", netloc=place, path=f"/{database}" if database else parts.path))


def _environment() -> dict[str, str]:
    """The password goes by the environment: everybody on the machine may read a program's arguments."""
    password = None if own_database() else urlsplit(os.environ["DATABASE_URL"]).password
    return {**os.environ, "PGPASSWORD": unquote(password)} if password else dict(os.environ)


def _name() -> str:
    return cluster.DATABASE if own_database() else urlsplit(os.environ["DATABASE_URL"]).path.strip("/")


def _run(what: str, command: list[str]) -> str:
    done = subprocess.run(
        command, cwd="/", env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Refused(f"{what} failed: {done.stderr.strip()[-1500:]}")
    return done.stdout


def sql(statement: str, database: str | None = None) -> str:
    """What the site's database, or another one on its server, answers."""
    psql = [_program("psql"), "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-d", _address(database)]
    return _run("asking the database", [*psql, "-c", statement]).strip()


def backup(target: Path) -> Path:
    """Write a backup to `target`, whole or not at all."""
    BACKUPS.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        dump = Path(folder) / "database.dump"
        _run("pg_dump", [_program("pg_dump"), "-Fc", "--no-owner", "--no-acl", "-f", str(dump), "-d", _address()])
        manifest = Path(folder) / "manifest.json"
        media = media_folder()
        facts = {
            "format": FORMAT,
            "made_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "server": sql("SHOW server_version"),
            "postgis": sql("SELECT extversion FROM pg_extension WHERE extname = 'postgis'"),
            "files": sum(1 for path in media.rglob("*") if path.is_file()) if media.exists() else 0,
        }
        manifest.write_text(json.dumps(facts, indent=1))
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
            with tarfile.open(fileobj=output, mode="w") as archive:
                archive.add(manifest, "manifest.json")
                archive.add(dump, "database.dump")
                if media.exists():
                    archive.add(media, "media")
                if push_key().is_file():
                    archive.add(push_key(), push_key().name)
            output.flush()
            os.fsync(output.fileno())
    partial.rename(target)
    say(f"backup: {target} ({target.stat().st_size / 1e6:.1f} MB, {facts['files']} files of media)")
    return target


def _refuse_bad_target(target: Path) -> None:
    """Folders are made under var/ only: elsewhere a missing one is a slip, or a disk that is not there."""
    if target.is_dir():
        raise Refused(f"{target} is a folder: say make backup FILE=path of the file to write")
    if target.parent != BACKUPS and not target.parent.is_dir():
        raise Refused(f"there is no folder {target.parent}: make it first, or name another place with FILE=")


def _manifest(archive: tarfile.TarFile, source: Path) -> dict[str, object]:
    try:
        file = archive.extractfile("manifest.json")
        facts = json.load(file) if file else {}
    except (KeyError, ValueError):
        facts = {}
    if facts.get("format") != FORMAT:
        raise Refused(f"{source} is not a backup made by `make backup` of this or an earlier version")
    return facts


def _load(dump: Path) -> None:
    """The dump into a new database, which then takes the old one's place."""
    name, fresh = _name(), f"{_name()}_restoring"
    maintenance = "postgres"
    sql(f'DROP DATABASE IF EXISTS "{fresh}" WITH (FORCE)', maintenance)
    sql(f'CREATE DATABASE "{fresh}"', maintenance)
    listing = _run("reading the backup", [_program("pg_restore"), "-l", str(dump)])
    # Extensions come from template1, or the server's owner: a dump may not make them everywhere.
    kept = [line for line in listing.splitlines() if " EXTENSION " not in line]
    for extension in cluster.EXTENSIONS:
        sql(f"CREATE EXTENSION IF NOT EXISTS {extension}", fresh)
    chosen = dump.with_suffix(".list")
    chosen.write_text("\n".join(kept))
    options = ["--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", "-L", str(chosen)]
    _run("pg_restore", [_program("pg_restore"), *options, "-d", _address(fresh), str(dump)])
    sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', maintenance)
    sql(f'ALTER DATABASE "{fresh}" RENAME TO "{name}"', maintenance)


def _whole(source: Path) -> tarfile.TarFile:
    """The archive, opened and read to its end mark."""
    if not source.is_file():
        raise Refused(f"there is no file {source}: say make restore FILE=path of a backup")
    try:
        archive = tarfile.open(source)  # noqa: SIM115  closed by who asked for it
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Refused(f"{source} is not a backup: it cannot be read as a tar file") from error
    with contextlib.suppress(tarfile.TarError, EOFError, OSError):
        archive.getmembers()
        archive.fileobj.seek(archive.offset)
        if archive.fileobj.read(tarfile.BLOCKSIZE) == bytes(tarfile.BLOCKSIZE):
            return archive
    archive.close()
    raise Refused(f"{source} is cut short: copy the whole file again, or take another backup; nothing was changed")


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Plain files and folders that stay inside `folder`, owned by who restores; Debian 12's Python has no filter for this."""
    for member in archive.getmembers():
        path = PurePosixPath(member.name)
        if not (member.isfile() or member.isdir()) or path.is_absolute() or ".." in path.parts:
            raise Refused(f"the backup holds {member.name!r}, which is no file or folder inside it; nothing was changed")
        member.uid, member.gid, member.uname, member.gname = os.getuid(), os.getgid(), "", ""
        member.mode = 0o700 if member.isdir() else 0o600
    archive.extractall(folder)  # noqa: S202  each member was looked at


def restore(source: Path) -> None:
    """Put a backup in the place of the present data, of which a backup is made first."""
    VAR.mkdir(parents=True, exist_ok=True)
    with _whole(source) as archive, tempfile.TemporaryDirectory(dir=VAR) as folder:
        facts = _manifest(archive, source)
        _unpack(archive, Path(folder))
        if sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename = 'django_migrations'") != "0":
            backup(BACKUPS / f"before-restore-{_now()}.tar")
        _load(Path(folder) / "database.dump")
        media, old = media_folder(), Path(folder) / "old-media"
        if media.exists():
            shutil.move(media, old)
        restored = Path(folder) / "media"
        restored.mkdir(exist_ok=True)
        media.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(restored, media)
        if (key := Path(folder) / push_key().name).is_file():  # a backup from before there was one leaves the present key
            key.replace(push_key())
        (VAR / "loading").unlink(missing_ok=True)
    say(f"restored: the state of {facts['made_at']}; `make run` serves it")


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y%m%d-%H%M%S")


@contextlib.contextmanager
def no_site_runs() -> Iterator[None]:
    """Refuse while the site of this folder is served."""
    VAR.mkdir(parents=True, exist_ok=True)
    with open(VAR / "run.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("the site is running: stop it with Ctrl-C first") from None
        lock.truncate(0)
        yield


def reset() -> None:
    """Remove var/ with everything in it, after a yes."""
    if not VAR.exists():
        say("nothing to remove")
        return
    with no_site_runs():
        if os.environ.get("YES") != "1":
            print(
                f"This removes {VAR}: the database, all uploads, mail and backups in it. Go on? [yes/no] ", end="", flush=True
            )
            if sys.stdin.readline().strip().lower() not in {"yes", "y", "да"}:
                raise Refused("nothing was removed (say yes, or YES=1 make reset)")
        with open(cluster.HOME / "users.lock", "w") if cluster.HOME.exists() else contextlib.nullcontext() as users:
            if users:
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise Refused("tests or checks use the database just now: wait until they end") from None
            cluster.stop()
            outside = cluster.data_folder()
            if VAR not in outside.parents and outside.parent.parent == cluster.OUTSIDE:
                shutil.rmtree(outside.parent, ignore_errors=True)
            shutil.rmtree(VAR)
    say(f"removed {VAR}")


def command(arguments: list[str]) -> None:
    """backup, restore or reset."""
    given = os.environ.get("FILE") or " ".join(arguments[1:])
    match arguments[:1]:
        case ["reset"]:
            reset()
            return
        case ["restore"] if not given:
            raise Refused("say which: make restore FILE=path of a backup")
        case ["backup"] | ["restore"]:
            pass
        case _:
            raise Refused("say backup.py backup, restore or reset")
    refuse_unusable_settings("DATABASE_URL")
    if arguments[0] == "backup":
        target = Path(given).absolute() if given else BACKUPS / f"geoportal-{_now()}.tar"
        _refuse_bad_target(target)  # before the database is started for it
    with cluster.in_use() if own_database() else contextlib.nullcontext():
        if arguments[0] == "backup":
            backup(target)
        else:
            with no_site_runs():
                restore(Path(given).absolute())


if __name__ == "__main__":
    main(command)
