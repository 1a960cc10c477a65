"""The generalised likelihood ratio of negative binomial counts, against increases of any size, with reset.

Höhle & Paul (2008), Computational Statistics & Data Analysis 52:4357, section 4. The largest ratio over sizes is taken
over `sizes` logarithms of factors, evenly spaced between `least` and `most`; each is then a CUSUM, so no window is
needed.
"""

from collections.abc import Mapping
from typing import Annotated

import msgspec
import numpy as np

from ringfence.errors import InputRefused
from ringfence.sentinel.charts import ChartOptions, run_chart
from ringfence.sentinel.control import read_control
from ringfence.sentinel.counts import Alarms, Counts

Factor = Annotated[float, msgspec.Meta(gt=1)]


class Options(ChartOptions, frozen=True):
    """The options of every chart, and the factors between which an increase is looked for."""

    least: Factor = 1.1
    most: Factor = 20.0
    sizes: Annotated[int, msgspec.Meta(ge=2)] = 30


def detect(counts: Counts, *, control: Mapping[str, object]) -> Alarms:
    """Bounds, alarms, the count expected and the chart."""
    options = read_control(Options, control)
    if options.least >= options.most:
        raise InputRefused(
            "the least factor {least} is not below the most {most}", least=options.least, most=options.most
        )
    return run_chart(counts, options, increases=np.linspace(np.log(options.least), np.log(options.most), options.sizes))
