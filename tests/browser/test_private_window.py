"""In a private window where the extension is allowed it holds as in any other; test_lifecycle has where it is not."""

from collections.abc import Iterator

import pytest
from facebook_extension import Moderator
from facebook_server import FacebookServer
from panel import Panel
from running import Running
from test_lifecycle import DELETE, asked, badges, extension_id, press_delete, private_tab, until

pytestmark = pytest.mark.browser


@pytest.fixture
def moderator() -> Iterator[Moderator]:
    """A moderator whose IT has allowed the extension in private windows."""
    with (
        Running("https://www.facebook.com/storkopingskommun") as bevara,
        FacebookServer() as facebook,
        Moderator(bevara, facebook) as person,
    ):
        allow_private(person)
        yield person


def allow_private(moderator: Moderator) -> None:
    """Allows it as on the browser's own page for extensions, which starts it anew."""
    page = moderator._context.new_page()
    page.goto("chrome://extensions/")
    page.evaluate("""async (id) => {
      await chrome.developerPrivate.updateProfileConfiguration({ inDeveloperMode: true });
      await chrome.developerPrivate.updateExtensionConfiguration({ extensionId: id, incognitoAccess: true }); }""",
                  extension_id(moderator))
    page.close()
    until(lambda: asked(moderator, "() => chrome.extension.isAllowedIncognitoAccess()"), True)
    moderator.page = moderator._context.new_page()


def test_a_click_in_a_private_window_waits_until_the_comment_is_saved(moderator: Moderator) -> None:
    private_tab(moderator)
    until(lambda: badges(moderator), ["På"])
    press_delete(moderator)
    assert moderator.wait_asked() == [DELETE]
    assert len(moderator.captures()) == 1
    assert "Varför togs den bort?" in Panel(moderator.page).wait("Varför togs den bort?")
