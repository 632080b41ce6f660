"""What the repository promises about itself: settings are listed, locks are locked, nothing names a server."""

import ast
import json
import re
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
FRONT_LOCKS = ("package-lock.json", "tests/quality/package-lock.json")
LOCKS = ("requirements.lock", "requirements-dev.lock", "deploy/uv.lock", "deploy/node.lock", *FRONT_LOCKS)
# Set by the scripts for the processes they start, or by the system; nobody has to choose them.
NOT_SETTINGS = {"DJANGO_SETTINGS_MODULE", "FILE", "YES", "ARGS", "PROMETHEUS_MULTIPROC_DIR", "STARTED_AT"}


def listed() -> set[str]:
    """Names in .env.example, whether commented or not."""
    return set(re.findall(r"^#?([A-Z][A-Z_]+)=", (REPO / ".env.example").read_text(), re.MULTILINE))


def _is_environment(node: ast.expr) -> bool:
    return ast.unparse(node) in {"env", "os.environ"}


def read_by(path: Path) -> set[str]:
    """Names of environment variables that a Python file reads, through environ or os."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            reads = _is_environment(node.func.value) and node.func.attr not in {"setdefault", "update", "read_env", "pop"}
            reads = reads or ast.unparse(node.func) == "os.getenv"
            if reads and isinstance(node.args[0], ast.Constant):
                names.add(node.args[0].value)
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and isinstance(node.slice, ast.Constant):
            names |= {node.slice.value} if _is_environment(node.value) else set()
    return names


def test_example_lists_every_setting_and_no_other():
    from_settings = read_by(REPO / "geoportal/settings.py")
    from_scripts = set().union(*(read_by(path) for path in (REPO / "deploy").glob("*.py")))
    assert len(from_settings) > 15
    assert from_settings <= listed()
    assert (from_settings | from_scripts) - NOT_SETTINGS == listed()


def test_example_names_each_setting_once():
    names = re.findall(r"^#?([A-Z][A-Z_]+)=", (REPO / ".env.example").read_text(), re.MULTILINE)
    assert sorted(names) == sorted(set(names))


def test_only_settings_and_scripts_read_the_environment():
    apps = ("geoportal", "municipality", "accounts", "discussion", "layers", "reports", "notifications", "api")
    readers = {
        str(path.relative_to(REPO))
        for app in apps
        for path in (REPO / app).rglob("*.py")
        if read_by(path) - NOT_SETTINGS and path.name != "settings.py"
    }
    assert readers == set()


def test_locks_hold_no_addresses():
    for name in LOCKS:
        assert "://" not in (REPO / name).read_text(), name


def test_every_locked_python_package_has_a_hash():
    for name in LOCKS[:4]:
        text = (REPO / name).read_text().replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith(("#", "--"))]
        assert lines
        assert [line for line in lines if "==" not in line or "--hash=sha256:" not in line] == []


@pytest.mark.parametrize("lock", FRONT_LOCKS)
def test_every_locked_front_end_package_has_a_hash(lock: str):
    packages = json.loads((REPO / lock).read_text())["packages"]
    assert len(packages) > 1
    assert [name for name, facts in packages.items() if name and not facts.get("integrity", "").startswith("sha512-")] == []


def test_development_lock_agrees_with_the_lock_of_the_site():
    def versions(name: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for package, version in re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", (REPO / name).read_text(), re.MULTILINE):
            found.setdefault(package, set()).add(version)
        return found

    site, development = versions("requirements.lock"), versions("requirements-dev.lock")
    assert {name for name in site.keys() & development.keys() if not development[name] <= site[name]} == set()


def test_licence_is_whole():
    text = (REPO / "LICENSE").read_text()
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert [number for number in range(1, 16) if not re.search(rf"^{number}\.\w", text, re.MULTILINE)] == []
    assert "Appendix" in text
