"""How infection passes from one person to another: one file a kernel, and no formula shared with tracing.

Each file defines `KERNEL`; the parameters in it are ours, chosen so that a city of 100,000 sees some dozens to some
hundreds of infections in a fortnight. They are of the order of published values but fitted to nothing.
"""

from ringfence.city.kernels import airborne, droplet, superspread
from ringfence.city.kernels.model import HomeMeetings, Kernel, RoomMeetings

KERNELS = {kernel.name: kernel for kernel in (droplet.KERNEL, airborne.KERNEL, superspread.KERNEL)}

__all__ = ["KERNELS", "HomeMeetings", "Kernel", "RoomMeetings"]
