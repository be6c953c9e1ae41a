"""Markdown with YAML front matter."""

import dataclasses
from collections.abc import Iterator

import frontmatter
import lxml.html
import yaml
from lxml.html.defs import block_tags
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from embeddings.readers.draft import Draft, Origin, Reading
from embeddings.readers.fields import HEADLINE, draft_from_fields, known_fields
from embeddings.types import Skipped

_BREAKING = block_tags - {"del", "ins"} | {"br", "section", "article", "figure", "figcaption"}
"""Elements of HTML at whose edges a line ends."""
_NO_TEXT = {"script", "style", "template"}


def read_markdown(text: str, path: str) -> Reading:
    """Return the one article of a Markdown file.

    Its first heading is the headline if the front matter names none.
    """
    try:
        post = frontmatter.loads(text)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        # Days that no month has are a ValueError, names of fields that are no text a TypeError.
        first = (str(error).splitlines() or [type(error).__name__])[0]
        reason = f"文件头（YAML）有误 / the YAML front matter is malformed: {first}"
        return Reading(skipped=(Skipped(path, reason),))
    # Between two rules at the top there may be text as well.
    blocks = _blocks(post.content if post.metadata else text)
    heading = next((t for level, t in blocks[:1] if level == 1), None)
    paragraphs = [t for _, t in (blocks[1:] if heading else blocks)]
    total = max(1, len(text.splitlines()))
    draft = draft_from_fields(known_fields(post.metadata), "\n".join(paragraphs), (1, total))
    if draft.headline is None and heading:
        origin = Origin(HEADLINE, "首个标题 first heading")
        draft = dataclasses.replace(draft, headline=heading, origins=(origin, *draft.origins))
    return Reading(_nonempty(draft))


def _nonempty(draft: Draft) -> tuple[Draft, ...]:
    return (draft,) if draft.text else ()


def _blocks(markdown: str) -> list[tuple[int, str]]:
    """Return (heading level or 0, plain text) of each block, in order."""
    found: list[tuple[int, str]] = []
    tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(markdown))
    for node in tree.walk():
        if node.type in {"paragraph", "heading", "th", "td"}:
            level = int(node.tag[1]) if node.type == "heading" else 0
            found.append((level, _plain(node)))
        elif node.type in {"code_block", "fence"}:
            found.append((0, node.content.strip()))
        elif node.type == "html_block":
            # What begins as a page would be parsed as one, and must not be empty.
            element = lxml.html.fragment_fromstring(f"<br>{node.content}", create_parent=True)
            found.append((0, "".join(_html_text(element)).strip()))
    return [(level, text) for level, text in found if text]


def _plain(node: SyntaxTreeNode) -> str:
    if node.type in {"text", "code_inline"}:
        return node.content
    if node.type in {"softbreak", "hardbreak"}:
        return " "
    return "".join(_plain(child) for child in node.children)


def _html_text(element: lxml.html.HtmlElement) -> Iterator[str]:
    """Yield the pieces of the text of an element; what is a comment has no tag."""
    if isinstance(element.tag, str) and element.tag not in _NO_TEXT:
        edge = "\n" if element.tag in _BREAKING else ""
        yield edge + (element.text or "")
        for child in element:
            yield from _html_text(child)
        yield edge
    yield element.tail or ""
