"""A synthetic city that writes the very files departments send, and its truth into another folder."""

from ringfence.city.field_work import field_answers
from ringfence.city.kernels import KERNELS
from ringfence.city.options import Carefulness, CityOptions, CitySummary
from ringfence.city.writing import write_city

KERNEL_NAMES = tuple(KERNELS)

__all__ = ["KERNEL_NAMES", "Carefulness", "CityOptions", "CitySummary", "field_answers", "write_city"]
