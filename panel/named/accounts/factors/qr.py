"""A QR code as an image of its own: nothing in a page, no script, no style. Pure."""

from typing import Final

import segno

#: Light modules around it, which readers need (ISO/IEC 18004).
_BORDER: Final = 4


def drawn(text: str) -> str:
    """The SVG of a QR code that says `text`, black on white whatever the page's colours are."""
    rows = [list(row) for row in segno.make_qr(text, error="l").matrix_iter(border=_BORDER)]
    size = len(rows)
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{dark}"/></svg>'
    )
