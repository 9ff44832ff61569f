"""What the saved Facebook page says, read without a browser and without Bevara's own code."""

import base64
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

FIXTURES = Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "facebook"
CAPTURE = FIXTURES / "2025-06_post-dialog_en_loggedout.html"
REBUILT = FIXTURES / "reconstructed_page-admin_sv.html"
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
Attributes = dict[str, str | None]


class Node:
    """One element with its children in order; text is a plain string."""

    def __init__(self, tag: str, attributes: Attributes, parent: "Node | None") -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Node | str] = []

    def walk(self) -> "list[Node]":
        """The element and everything below it, in document order."""
        below = [
            each for child in self.children if isinstance(child, Node) for each in child.walk()
        ]
        return [self, *below]

    def text(self) -> str:
        """The text with pictures of emoji as the characters they stand for."""
        if self.tag == "img":
            return self.attributes.get("alt") or ""
        return "".join(each if isinstance(each, str) else each.text() for each in self.children)

    def get(self, name: str) -> str:
        return self.attributes.get(name) or ""


class Tree(HTMLParser):
    """Builds nodes from markup."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Node("root", {}, None)
        self.at = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs), self.at)
        self.at.children.append(node)
        if tag not in VOID:
            self.at = node

    def handle_endtag(self, tag: str) -> None:
        node: Node | None = self.at
        while node is not None and node.tag != tag:
            node = node.parent
        if node is not None and node.parent is not None:
            self.at = node.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def expected(path: Path = CAPTURE) -> list[dict[str, Any]]:
    """Author, text, ids and shown time of every comment in the saved page."""
    tree = Tree()
    tree.feed(path.read_text(encoding="utf-8"))
    articles = [
        node for node in tree.root.walk() if node.get("aria-label").startswith("Comment by")
    ]
    return [_comment(article) for article in articles]


def _comment(article: Node) -> dict[str, Any]:
    links = [node for node in article.walk() if "comment_id=" in node.get("href")]
    author = next(link for link in links if link.get("aria-hidden") == "false")
    shown = next(link for link in links if "/posts/" in link.get("href"))
    code = _query(author)["comment_id"][0]
    post, comment = base64.b64decode(code + "==").decode().removeprefix("comment:").split("_")
    assert _query(shown)["comment_id"][0] == comment
    parts = urlsplit(author.get("href"))
    return {
        "id": comment,
        "post_id": post,
        "author": author.text(),
        "author_url": f"{parts.scheme}://{parts.netloc}{parts.path}",
        "text": "\n".join(_lines(article)),
        "time_shown": shown.text(),
        "permalink_path": urlsplit(shown.get("href")).path,
    }


def _lines(article: Node) -> list[str]:
    written = next(node for node in article.walk() if node.tag == "span" and node.get("lang"))
    return [
        node.text().strip()
        for node in written.walk()
        if node.tag == "div" and node.get("dir") == "auto"
    ]


def _query(link: Node) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link.get("href")).query)


def summary(comment: dict[str, Any]) -> dict[str, Any]:
    """The parts that the saved page can be asked about."""
    return {
        "id": comment["id"],
        "post_id": comment["post_id"],
        "author": comment["author"]["name"],
        "author_url": comment["author"]["url"],
        "text": comment["text"],
        "time_shown": comment["time_shown"],
        "permalink_path": comment["permalink"]
        .removeprefix("https://www.facebook.com")
        .split("?")[0],
    }
