"""Draw the terminal in which a service is generated: `python -m tests.terminal`."""

import re
import sys
import tempfile
from io import StringIO
from pathlib import Path

import pexpect
from rich.console import CONSOLE_SVG_FORMAT, Console
from rich.text import Text

from flask_service_extensions.rendering import ROOT
from tests.baking import clean_environment
from tests.linked import template_in_git
from tests.services import PATIENCE

PICTURE = ROOT / "docs" / "screenshots" / "terminal.svg"
COLUMNS = 100
PROMPT = r"\)(\x1b\[0m)?: $"
FONTS = re.compile(r"@font-face \{\{.*?\}\}\s*", re.DOTALL)  # a picture fetches nothing


def session(folder: Path) -> str:
    """Answer every question of cookiecutter with Enter and return what the terminal showed."""
    template, shown = template_in_git(folder / "template"), StringIO()
    command = Path(sys.executable).with_name("cookiecutter")
    terminal = pexpect.spawn(
        str(command),
        [str(template), "--output-dir", str(folder)],
        cwd=str(folder),
        dimensions=(80, COLUMNS),
        encoding="utf-8",
        env=clean_environment(HOME=str(folder), TERM="xterm-256color", COLUMNS=str(COLUMNS)),
        timeout=PATIENCE,
    )
    terminal.logfile_read = shown
    while terminal.expect([PROMPT, pexpect.EOF]) == 0:
        terminal.sendline()
    return shown.getvalue().replace("\r\n", "\n")


def picture(shown: str) -> str:
    """Draw what a terminal showed after the command that started it."""
    console = Console(record=True, width=COLUMNS, file=StringIO())
    console.print(Text("$ cookiecutter .", style="bold"))
    console.print(Text.from_ansi(shown))
    return console.export_svg(
        title="Generating a service",
        code_format=FONTS.sub("", CONSOLE_SVG_FORMAT),
        unique_id="terminal",
    )


def texts(drawn: str) -> list[str]:
    """Return the texts of a picture."""
    return re.findall(r"<text [^>]*>([^<]*)</text>", drawn)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        PICTURE.write_text(picture(session(Path(name))), "utf-8")
