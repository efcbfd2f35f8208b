"""Open a page in Chromium and wait for a text: `look.py URL TEXT`.

Sign in with PREFECT_PASSWORD if it is set. Print the sentence that contains the text. Fail if the
page requests anything from another host, or if JupyterLab shows a notification or question.
"""

import os
import sys
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect, sync_playwright

QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--no-first-run", "--disable-quic"),
)


def look(page: Page, url: str, text: str) -> str:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or ""))
    page.goto(url, timeout=120_000)  # a cold start on a busy machine
    if password := os.environ.get("PREFECT_PASSWORD"):
        page.locator("input").fill(password)
        page.locator("input").press("Enter")
    found = page.get_by_text(text).first
    expect(found).to_be_visible(timeout=60_000)
    if page.locator("#jp-main-content-panel").count():
        page.wait_for_timeout(4_000)  # it asks when all is restored
        if asked := page.locator(".Toastify__toast, .jp-Dialog").all_inner_texts():
            raise SystemExit(f"{url} shows {asked}")
    if foreign := hosts - {"", urlsplit(url).hostname}:
        raise SystemExit(f"{url} requests data from {', '.join(sorted(foreign))}")
    return " ".join(found.inner_text().split())[:100]


if __name__ == "__main__":
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*QUIET])
        sys.stdout.write(look(browser.new_page(), *sys.argv[1:]) + "\n")
