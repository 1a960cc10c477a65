"""Console: the rooms officers work in; today one page, the story and the worklist."""

from ringfence.console.app import make_app

__all__ = ["make_app"]
