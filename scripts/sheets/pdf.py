"""The HTML of a sheet as PDF, by WeasyPrint, which needs three things that pip does not install."""

from __future__ import annotations

import contextlib
import functools
import io
import logging
import shutil
import subprocess
import warnings

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"


def problem() -> str | None:
    """Why no PDF can be written here, as a sentence that says what to install."""
    missing = missing_library() or missing_font()
    if missing is None:
        return None
    return (
        f"PDF needs {missing}. On Debian or Ubuntu: apt-get install {PACKAGES}"
        " (without it: FORMAT=html, and print from the browser)."
    )


def missing_library() -> str | None:
    # It prints and warns about the same, at greater length.
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(action="ignore"):
        try:
            from weasyprint.text import ffi
        except OSError:
            return "the library Pango"
    # Without it, a page takes ten seconds.
    return None if ffi.harfbuzz_subset else "the library HarfBuzz-Subset"


def missing_font() -> str | None:
    """Names may be Chinese on an English sheet, too."""
    fonts = shutil.which("fc-list")
    if fonts is None:
        return "Fontconfig's fc-list"
    found = subprocess.run([fonts, ":lang=zh-cn", "family"], capture_output=True, check=False)
    return None if found.stdout.strip() else "a font with Chinese characters"


@functools.cache
def fonts() -> object:
    from weasyprint.text.fonts import FontConfiguration

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return FontConfiguration()


def written(html: str) -> bytes:
    import weasyprint

    return weasyprint.HTML(string=html).write_pdf(font_config=fonts(), pdf_tags=True)
