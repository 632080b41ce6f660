"""Everything that can be said about the code without running the site; each finding is shown, all checks run.

.venv/bin/python deploy/check.py
"""

from __future__ import annotations

import os
import secrets
import subprocess
import time

from place import REPO, VAR, VENV_PYTHON, Refused, main

PYTHON = str(VENV_PYTHON)
BIN = VENV_PYTHON.parent
# What a real installation would say; the deployment checks of Django judge these.
PRODUCTION = {
    "DEMO": "0",
    "DEBUG": "0",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "SITE_URL": "https://geoportal.example",
    "ALLOWED_HOSTS": "geoportal.example",
    "EMAIL_URL": "smtp://mail.example:587",
}
TYPED = ("geoportal/kernel", "*/workflow.py", "*/rules.py", "*/querysets.py", "*/actions.py", "*/actions/")


def typed_files() -> list[str]:
    """Where every function has types: the kernel, the law, the permissions, the vocabulary and the writers."""
    found = {path for pattern in TYPED for path in REPO.glob(pattern)}
    return sorted(str(path.relative_to(REPO)) for path in found if "node_modules" not in path.parts)


def checks() -> list[tuple[str, list[str], dict[str, str]]]:
    """Title, command and further environment of each check."""
    manage = [PYTHON, "-W", "error::django.utils.deprecation.RemovedInDjango60Warning", "manage.py"]
    return [
        ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."], {}),
        ("linter", [str(BIN / "ruff"), "check", "--quiet", "--output-format", "concise", "."], {}),
        ("import contracts", [PYTHON, "-c", "from importlinter.cli import lint_imports_command as run; run()"], {}),
        ("types", [PYTHON, "-m", "mypy", "--no-error-summary", *typed_files()], {}),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"], {}),
        ("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
        ("translations", [PYTHON, str(REPO / "deploy/translations.py"), "check"], {}),
    ]


def run(_arguments: list[str]) -> int:
    """Run all checks; show the output of those that failed."""
    failed = []
    environment = os.environ | {"PYTHONPATH": str(REPO), "VAR_DIR": str(VAR), "RUFF_CACHE_DIR": str(VAR / "ruff_cache")}
    for title, command, further in checks():
        start = time.monotonic()
        done = subprocess.run(
            command,
            cwd=REPO,
            env=environment | further,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(f"{'FAILED' if done.returncode else 'ok':6} {title} ({time.monotonic() - start:.1f} s)", flush=True)
        if done.returncode:
            failed.append(title)
            print(done.stdout.strip(), flush=True)
    if failed:
        raise Refused(f"checks failed: {', '.join(failed)}")
    return 0


if __name__ == "__main__":
    main(run)
