"""Make the pictures of docs/dashboard.md: each page of the dashboard of the bundled sample.

The browser draws them, and each is saved with a palette of 256 colours, a third of the size.
"""

import base64
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page, sync_playwright

from benchmarks.served import CHROMIUM, FILL_S, published, served
from spacex.dashboard.pages import PAGES

FOLDER = Path(__file__).with_name("images")
WINDOW, TALL = {"width": 1400, "height": 1000}, {"width": 1200, "height": 1180}
SETTLE_MS = 1_500
WEBGL = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
CHOICES = {
    "launch": "&mission=2021-005",
    "booster": "&booster=B1051",
    "satellite": "&satellite=200065",
    "globe": "&colour=shell&satellite=200065",
}
"""What the pages of one thing show."""

WHOLE = ("now",)
"""Pages shown with the head of the dashboard."""

SHARED = ("now", "globe")
"""Pages whose pictures are not in the folder of the dashboard, because others show them, too."""

EDITION, EDITION_SATELLITES = "edition", 1_000
"""The picture of the static edition, and the satellites in it."""

MOST_BYTES = 200_000
PIXELS = """async (png) => {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const bytes = context.getImageData(0, 0, image.width, image.height).data;
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) {
    text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  }
  return [image.width, image.height, btoa(text)];
}"""


def main(names: list[str]) -> None:
    """Make the pictures of these pages; of all if none is named."""
    if not names or EDITION in names:
        edition_picture()
    if names == [EDITION]:
        return
    with sync_playwright() as playwright, served() as site:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(WEBGL))
        for page in PAGES:
            if names and page.name not in names:
                continue
            visitor = browser.new_page(
                viewport=TALL if page.name in WHOLE else WINDOW,
                bypass_csp=True,
                reduced_motion="reduce",
            )
            visitor.wait_for_timeout(1000 * FILL_S)
            visitor.goto(f"{site.url}?page={page.name}{CHOICES.get(page.name, '')}")
            picture = compressed(visitor, taken(visitor, is_whole=page.name in WHOLE))
            visitor.goto("about:blank")
            visitor.close()
            if len(picture) > MOST_BYTES:
                raise SystemExit(f"The picture of {page.title} has {len(picture):,} bytes.")
            folder = FOLDER if page.name in SHARED else FOLDER / "dashboard"
            folder.joinpath(f"{page.name}.png").write_bytes(picture)
            print(f"{page.name}.png: {len(picture):,} bytes")  # noqa: T201


def edition_picture() -> None:
    """Make the picture of the static edition: a page of it, opened from its folder."""
    with published(EDITION_SATELLITES) as environment, TemporaryDirectory() as folder:
        target = Path(folder) / EDITION
        command = [sys.executable, "-m", "spacex", "publish", str(target)]
        subprocess.run(command, env=environment, check=True)  # noqa: S603 - our own
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(WEBGL))
            visitor = browser.new_page(viewport=TALL, bypass_csp=True, reduced_motion="reduce")
            visitor.goto((target / "launches.html").as_uri())
            picture = compressed(visitor, taken(visitor, is_whole=True))
    (FOLDER / f"{EDITION}.png").write_bytes(picture)
    print(f"{EDITION}.png: {len(picture):,} bytes")  # noqa: T201


def taken(page: Page, *, is_whole: bool) -> bytes:
    """Return a picture of what the window shows, from the navigation on unless it is whole."""
    page.wait_for_function("'shown' in document.body.dataset")
    page.wait_for_function("!document.querySelector('.chart:not([data-drawn=yes])')")
    page.wait_for_timeout(SETTLE_MS)
    if not is_whole:
        page.evaluate("document.querySelector('.navigation').scrollIntoView()")
        page.wait_for_timeout(SETTLE_MS)
    return page.screenshot()


def compressed(page: Page, png: bytes) -> bytes:
    """Return a picture with 256 of its colours; others are replaced by the nearest of them."""
    width, height, text = page.evaluate(PIXELS, base64.b64encode(png).decode())
    rgb = np.frombuffer(base64.b64decode(text), np.uint8).reshape(height * width, 4)[:, :3]
    codes = rgb.astype(np.int64) @ (65536, 256, 1)
    colours, index, counts = np.unique(codes, return_inverse=True, return_counts=True)
    each = parts(colours)
    palette = each[np.sort(chosen(each, counts))]
    nearest = np.concatenate(
        [
            ((some[:, None] - palette[None]) ** 2).sum(axis=2).argmin(axis=1)
            for some in np.array_split(each, max(1, len(each) // 1000))
        ]
    )
    rows = nearest.astype(np.uint8)[index].reshape(height, width)
    filtered = np.concatenate([np.zeros((height, 1), np.uint8), rows], axis=1)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        *((b"IHDR", header), (b"PLTE", palette.astype(np.uint8).tobytes())),
        *((b"IDAT", zlib.compress(filtered.tobytes(), 9)), (b"IEND", b"")),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks)


def chosen(colours: NDArray[np.int64], counts: NDArray[np.int64]) -> list[int]:
    """Return which 256 colours to keep: the most frequent, and those that are unlike any of them.

    Otherwise a mark of a legend, which is rare, would get the colour of another one.
    """
    kept = np.argsort(-counts, kind="stable")[:128].tolist()
    unlike = np.min([distance(colours, each) for each in kept], axis=0)
    while len(kept) < 256 and unlike.any():
        kept.append(int(unlike.argmax()))
        unlike = np.minimum(unlike, distance(colours, kept[-1]))
    return kept


def distance(colours: NDArray[np.int64], one: int) -> NDArray[np.int64]:
    """Return the squared distance of colours from one of them; shape (n,)."""
    squares: NDArray[np.int64] = ((colours - colours[one]) ** 2).sum(axis=1)
    return squares


def parts(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the red, green and blue of colours; shape (n, 3)."""
    return np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1)


def chunk(name: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


if __name__ == "__main__":
    main(sys.argv[1:])
