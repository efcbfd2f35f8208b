"""Opens a page in Chromium and waits until it shows a text; `look.py ADDRESS TEXT`.

Prints the sentence the text stands in. What the page asks other hosts for is an error.
"""

import sys
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect, sync_playwright

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


def look(page: Page, address: str, text: str) -> str:
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).hostname or ""))
    page.goto(address)
    found = page.get_by_text(text).first
    expect(found).to_be_visible(timeout=60_000)
    strangers = asked - {"", urlsplit(address).hostname}
    if strangers:
        raise SystemExit(f"{address} asks {', '.join(sorted(strangers))}")
    return " ".join(found.inner_text().split())[:100]


if __name__ == "__main__":
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*QUIET])
        sys.stdout.write(look(browser.new_page(), *sys.argv[1:]) + "\n")
