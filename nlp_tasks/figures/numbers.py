"""Numbers as Vietnam writes them: «.» parts thousands, «,» is the decimal sign."""

import re

__all__ = ["parse_number"]


def parse_number(text: str) -> float:
    """Read a number written in the Vietnamese style.

    Parameters
    ----------
    text : str
        Digits with «.» before each three, and «,» before decimals; a capital O is read as zero.

    Returns
    -------
    float
        The value. One dot that doesn't stand before three digits is taken for a decimal sign.

    Raises
    ------
    ValueError
        If the text is no number, or has more than one decimal sign (17.7.1).

    Examples
    --------
    >>> [parse_number(n) for n in ("113.000", "28,1", "1.234,5", "1.5", "05")]
    [113000.0, 28.1, 1234.5, 1.5, 5.0]
    """
    text = text.strip().replace("O", "0")
    # No amount has forty digits; a float of some hundred would be infinite.
    if len(text) > 40 or not re.fullmatch(r"\d+(?:[.,]\d+)*", text):
        raise ValueError(f"«{text}» is not a number such as 1.234,5")
    # The last sign is the decimal one if the other stands before it: 1.234,5 and 1,234.5.
    decimal = max(".,", key=text.rfind)
    thousands = "." if decimal == "," else ","
    whole, _, part = text.rpartition(decimal)
    if thousands in whole:
        return float(_whole(whole, thousands, text) + "." + part)
    # One dot parts thousands (113.000), one comma never does (28,125), two commas do (100,000,000).
    if text.count(decimal) > 1 or (decimal == "." and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text)):
        return float(_whole(text, decimal, text))
    return float(text.replace(",", "."))


def _whole(number: str, sign: str, text: str) -> str:
    """Leave out the sign that parts thousands, or raise if it doesn't part them."""
    first, *groups = number.split(sign)
    if len(first) > 3 or any(len(group) != 3 or not group.isdigit() for group in groups):
        raise ValueError(f"«{text}» has more than one decimal sign")
    return first + "".join(groups)
