"""Goods that are followed like people: lots and where they are (policy 3)."""

from dataclasses import dataclass
from typing import TypeAlias

LotNo: TypeAlias = int


@dataclass(frozen=True, kw_only=True)
class Lot:
    """A quantity of one product that moves as one; splits and merges make new lots."""

    lot_no: LotNo
    product: str
    lot_code: str
