"""Pages from templates: every word in the person's language, every value escaped."""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from scanner.ballot import Amendment
from scanner.locale import words
from scanner.people import Language, Right
from scanner.web.office import Call

FOLDER = Path(__file__).parent


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER / "pages"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["Right"] = Right
    made.globals["languages"] = tuple(Language)
    return made


def speaking(language: Language) -> Callable[[str], str]:
    """What a template calls for a text: KeyError for a key that no language has."""
    return words(language).__getitem__


def change(t: Callable[[str], str], one: Amendment) -> str:
    """One change in the words of a language."""
    members = (one.candidate, one.rank, one.line, one.list, one.option)
    told = " → ".join(str(each) for each in members if each is not None)
    return f"{t(f'change_{one.kind}')} {told}"


def page(call: Call, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page for a person who is logged in."""
    language = call.person.language
    found = _templates().get_template(template)
    text = found.render(
        t=speaking(language),
        change=partial(change, speaking(language)),
        language=language,
        person=call.person,
        csrf=call.visit.csrf,
        **values,
    )
    return HTMLResponse(text, status)


def static_page(template: str, language: Language, **values: object) -> str:
    """A page that is written to a file, for everybody."""
    return _templates().get_template(template).render(t=speaking(language), language=language, **values)


def open_page(template: str, language: Language, status: int = 200, **values: object) -> HTMLResponse:
    """A page for somebody who is not logged in."""
    found = _templates().get_template(template)
    text = found.render(t=speaking(language), language=language, person=None, csrf="", **values)
    return HTMLResponse(text, status)
