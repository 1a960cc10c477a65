"""QR codes (ISO/IEC 18004): written as SVG and PNG, read from pictures (policy 1.2)."""

from io import BytesIO
from typing import Literal, TypeAlias

import segno
import zxingcpp

from ringfence.errors import InputRefused
from ringfence.seal.png import read_png

Correction: TypeAlias = Literal["L", "M", "Q", "H"]
"""How much of a damaged code can be restored: 7, 15, 25 or 30 percent."""

PIXELS_A_MODULE = 8
MOST_PIXELS = 1 << 26
# What certificates are printed as.
READ_FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Aztec])


def write_qr_svg(text: str, *, correction: Correction = "Q") -> str:
    """The QR code of a text as an SVG element for a page or a file; it takes the size that its place gives it."""
    out = BytesIO()
    _code(text, correction=correction).save(out, kind="svg", xmldecl=False, light="white", omitsize=True, nl=False)
    return out.getvalue().decode()


def write_qr_png(text: str, *, correction: Correction = "Q", pixels_a_module: int = PIXELS_A_MODULE) -> bytes:
    """The QR code of a text as a PNG picture."""
    out = BytesIO()
    _code(text, correction=correction).save(out, kind="png", scale=pixels_a_module)
    return out.getvalue()


def read_codes(picture: bytes, *, most_pixels: int = MOST_PIXELS) -> tuple[str, ...]:
    """The texts of all QR and Aztec codes that a PNG picture shows, none where it shows none.

    InputRefused when the picture cannot be read, or has more pixels than the reader has time for.
    """
    found = zxingcpp.read_barcodes(
        read_png(picture, most_pixels=most_pixels), formats=READ_FORMATS, text_mode=zxingcpp.TextMode.Plain
    )
    return tuple(code.text for code in found)


def _code(text: str, *, correction: Correction) -> segno.QRCode:
    try:
        return segno.make_qr(text, error=correction)
    except segno.DataOverflowError as error:
        raise InputRefused("{size} characters are more than a QR code holds; say less", size=len(text)) from error
