"""The results page for the public: static HTML in four languages, no scripts, no ballot."""

from pathlib import Path

from scanner.people import Language
from scanner.tally.public import PublicResult
from scanner.web.render import FOLDER, static_page

STYLE = "style.css"


def result_pages(results: PublicResult) -> dict[str, bytes]:
    """The files of the page by name: `index.html` in bokmål, `index.nn.html` and so on, and the style."""
    pages = {
        name_of(one): static_page("results.html", one, results=results, name_of=name_of).encode()
        for one in Language
    }
    return pages | {STYLE: (FOLDER / "static" / STYLE).read_bytes()}


def name_of(language: Language) -> str:
    """The file of a language."""
    return "index.html" if language is Language.NB else f"index.{language}.html"


def publish(results: PublicResult, folder: Path) -> None:
    """Write the pages; each replaces the one before at once, so that no reader sees half of one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in result_pages(results).items():
        part = folder / f".{name}.part"
        part.write_bytes(data)
        part.replace(folder / name)
