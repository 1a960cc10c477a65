"""A browser without a screen, and who is meant where in a console's tests."""

from fastapi.testclient import TestClient
from httpx2 import Response

HERE, PERSON, CASE_PERSON = "1/11/111/", 4711, 4242


class Browser(TestClient):
    """Somebody signed in."""

    csrf = ""

    def fill(self, path: str, **form: object) -> Response:
        """Send a form with the session's token, and follow to the page it leads to."""
        return self.post(path, data={"csrf": self.csrf, **form})
