"""A strict reader of HTML pages, from the standard library."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input", "col"}
SVG_LEAVES = {"path", "rect", "circle", "line", "text", "g", "svg"}


@dataclass
class Page:
    """What a page holds, and what is wrong with it."""

    faults: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)  # ids that others refer to
    headings: list[int] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page, self.open, self.words = Page(), [], []
        self.tables: list[dict[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [n for n, _ in attrs]
        if len(set(names)) < len(names):
            self.page.faults.append(f"<{tag}> has an attribute twice")
        attributes = dict(attrs)
        self.page.tags.append((tag, attributes))
        if attributes.get("id"):
            self.page.ids.append(str(attributes["id"]))
        for key in ("aria-labelledby", "aria-describedby"):
            self.page.named += (attributes.get(key) or "").split()
        if (attributes.get("href") or "").startswith("#"):
            self.page.named.append(str(attributes["href"])[1:])
        if tag in ("h1", "h2", "h3", "h4"):
            self.page.headings.append(int(tag[1]))
        if tag == "table":
            self.tables.append({"caption": 0, "head": 0})
        if self.tables and tag == "caption":
            self.tables[-1]["caption"] += 1
        if tag == "th" and attributes.get("scope") not in ("col", "row", "rowgroup"):
            self.page.faults.append("a <th> without scope")
        if tag == "tr" and "table" not in self.open:
            self.page.faults.append("a row outside of a table")
        if tag in ("p", "table", "div", "ul", "section") and "p" in self.open[-1:]:
            self.page.faults.append(f"<{tag}> inside of <p>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.page.faults.append(f"</{tag}> closes {self.open[-1:]}, line {self.getpos()[0]}")
            return
        self.open.pop()
        if tag == "table" and self.tables.pop()["caption"] != 1:
            self.page.faults.append("a table without a caption")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)


def read(html: str) -> Page:
    """Parse a page and check what a machine can check."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    page = reader.page
    page.text = " ".join("".join(reader.words).split())
    if reader.open:
        page.faults.append(f"never closed: {reader.open}")
    if len(set(page.ids)) < len(page.ids):
        page.faults.append(f"ids twice: {sorted(i for i in set(page.ids) if page.ids.count(i) > 1)}")
    page.faults += [f"nothing has the id {n}" for n in page.named if n not in page.ids]
    for before, after in zip([0, *page.headings], page.headings, strict=False):
        if after > before + 1:
            page.faults.append(f"h{before} is followed by h{after}")
    if page.headings.count(1) != 1:
        page.faults.append("not exactly one h1")
    return page
