"""Response: from signals to worklists, recalls and proposed orders, and back when one falls (policy 2.2, 2.3)."""

from ringfence.response.chaining import read_chains
from ringfence.response.dispatching import TRACED_KINDS, Response, respond
from ringfence.response.fencing import (
    Effect,
    foresee_fence,
    lift_fence,
    plan_fence,
    publish_fence,
    respond_to_fences,
)
from ringfence.response.ordering import LeftTo, draft_orders, read_left_to
from ringfence.response.previewing import Traceable, preview
from ringfence.response.recalling import recall
from ringfence.response.releasing import dismiss, withdraw
from ringfence.response.ring import Ring, Standing, draw_ring, read_standing
from ringfence.response.trial import Trial, try_trace
from ringfence.response.wrong_links import Undone, undo_at_door, undo_links

__all__ = [
    "TRACED_KINDS",
    "Effect",
    "LeftTo",
    "Response",
    "Ring",
    "Standing",
    "Traceable",
    "Trial",
    "Undone",
    "dismiss",
    "draft_orders",
    "draw_ring",
    "foresee_fence",
    "lift_fence",
    "plan_fence",
    "preview",
    "publish_fence",
    "read_chains",
    "read_left_to",
    "read_standing",
    "recall",
    "respond",
    "respond_to_fences",
    "try_trace",
    "undo_at_door",
    "undo_links",
    "withdraw",
]
