"""Static files under hashed names; imports between ES modules follow the names, so that a page needs no import map."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from geoportal.kernel import fonts

LARGE = 200_000
"""Bytes from which a file takes too long, and is one that only administrators ask for."""


class QuickCompressor(Compressor):  # type: ignore[misc]
    """Brotli one step below its slowest: 3 % larger files in less than half of the time, which a first start waits for."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """One file, compressed."""
        return bytes(brotli.compress(data, quality=10 if len(data) < LARGE else 9))


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashes and compresses once at collection; a name without a file fails there, not in the reader's browser."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 10

    def create_compressor(self, **options: Any) -> Compressor:
        """Whitenoise asks here for what compresses."""
        return QuickCompressor(**options)

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Fonts are made smaller where they were collected, and hashed from there instead of from their package."""
        if not dry_run:
            for name in filter(fonts.is_letters, paths):
                collected = Path(self.path(name))
                collected.write_bytes(fonts.shrunk(collected.read_bytes()))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)

    def url_converter(self, name: str, hashed_files: Any, template: str | None = None) -> Callable[[re.Match[str]], str]:
        """As Django's; a source map or a sample address in a package's comment may name a file that was not shipped."""
        convert = super().url_converter(name, hashed_files, template)

        def converter(match: re.Match[str]) -> str:
            try:
                return str(convert(match))
            except ValueError:
                if name.startswith(("npm/", "drf_spectacular_sidecar/")) or "sourceMappingURL" in match[0]:
                    return match[0]
                raise

        return converter
