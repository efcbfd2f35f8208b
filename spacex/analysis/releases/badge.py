"""A badge: two words in a picture, which is a file and needs no other host."""

from html import escape

BADGE = "badge.svg"

_CHARACTER_PX = 7
_MARGIN_PX = 8
_DARK, _BLUE = "#3c4650", "#0068a3"


def badge(label: str, value: str) -> str:
    """Return a badge as SVG.

    Args:
        label: what it is of, such as `release`.
        value: such as its date.
    """
    left, right = (2 * _MARGIN_PX + _CHARACTER_PX * len(each) for each in (label, value))
    whole, label, value = f"{label}: {value}", escape(label), escape(value)
    namespace = "http://www.w3.org/2000/svg"
    return f"""<svg xmlns="{namespace}" width="{left + right}" height="20" role="img">
<title>{escape(whole)}</title>
<rect width="{left + right}" height="20" rx="3" fill="{_DARK}"/>
<path d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1 -3 3h-{right - 3}z" fill="{_BLUE}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
<text x="{left / 2:g}" y="14">{label}</text>
<text x="{left + right / 2:g}" y="14">{value}</text>
</g>
</svg>
"""
