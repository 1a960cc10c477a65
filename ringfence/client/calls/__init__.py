"""Every route of the API as a typed method. Made from the description of the API by `tools/docs.py`; do not edit."""

from ringfence.client.asking import Asking
from ringfence.client.calls.account import AccountCalls
from ringfence.client.calls.areas import AreasCalls
from ringfence.client.calls.disputes import DisputesCalls
from ringfence.client.calls.exports import ExportsCalls
from ringfence.client.calls.feeds import FeedsCalls
from ringfence.client.calls.follow_up import FollowUpCalls
from ringfence.client.calls.forms import FormsCalls
from ringfence.client.calls.lane import LaneCalls
from ringfence.client.calls.ledger import LedgerCalls
from ringfence.client.calls.links import LinksCalls
from ringfence.client.calls.looks import LooksCalls
from ringfence.client.calls.orders import OrdersCalls
from ringfence.client.calls.people import PeopleCalls
from ringfence.client.calls.policy import PolicyCalls
from ringfence.client.calls.responses import ResponsesCalls
from ringfence.client.calls.risk_areas import RiskAreasCalls
from ringfence.client.calls.sessions import SessionsCalls
from ringfence.client.calls.signals import SignalsCalls
from ringfence.client.calls.tasks import TasksCalls
from ringfence.client.calls.users import UsersCalls
from ringfence.client.calls.webhooks import WebhooksCalls

__all__ = ["Calls"]


class Calls:
    """Every route of the API, by room."""

    def __init__(self, asking: Asking) -> None:
        self.account = AccountCalls(asking)
        self.areas = AreasCalls(asking)
        self.disputes = DisputesCalls(asking)
        self.exports = ExportsCalls(asking)
        self.feeds = FeedsCalls(asking)
        self.follow_up = FollowUpCalls(asking)
        self.forms = FormsCalls(asking)
        self.lane = LaneCalls(asking)
        self.ledger = LedgerCalls(asking)
        self.links = LinksCalls(asking)
        self.looks = LooksCalls(asking)
        self.orders = OrdersCalls(asking)
        self.people = PeopleCalls(asking)
        self.policy = PolicyCalls(asking)
        self.responses = ResponsesCalls(asking)
        self.risk_areas = RiskAreasCalls(asking)
        self.sessions = SessionsCalls(asking)
        self.signals = SignalsCalls(asking)
        self.tasks = TasksCalls(asking)
        self.users = UsersCalls(asking)
        self.webhooks = WebhooksCalls(asking)
