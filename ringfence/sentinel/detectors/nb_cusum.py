"""The likelihood ratio CUSUM of negative binomial counts, against one size of increase, with reset.

Höhle & Paul (2008), Computational Statistics & Data Analysis 52:4357, section 3; `kappa` is the logarithm of the
factor.
"""

from collections.abc import Mapping
from typing import Annotated

import msgspec
import numpy as np

from ringfence.sentinel.charts import ChartOptions, run_chart
from ringfence.sentinel.control import read_control
from ringfence.sentinel.counts import Alarms, Counts


class Options(ChartOptions, frozen=True):
    """The options of every chart, and the increase to find: by default to the double."""

    kappa: Annotated[float, msgspec.Meta(gt=0)] = float(np.log(2))


def detect(counts: Counts, *, control: Mapping[str, object]) -> Alarms:
    """Bounds, alarms, the count expected and the chart."""
    options = read_control(Options, control)
    return run_chart(counts, options, increases=np.array([options.kappa]))
