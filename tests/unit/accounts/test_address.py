"""An address is the municipality's page on Facebook, or a clear sentence says why it is not."""

import pytest

from bevara.accounts.address import describe, is_host
from bevara.errors import Invalid


@pytest.mark.parametrize("text,kind,value", [
    ("https://www.facebook.com/storkoping", "vanity", "storkoping"),
    ("facebook.com/Storkoping", "vanity", "storkoping"),
    ("  https://m.facebook.com/storkoping/?ref=bookmarks#a ", "vanity", "storkoping"),
    ("https://sv-se.facebook.com/storkoping/posts/123", "vanity", "storkoping"),
    ("https://www.facebook.com/profile.php?id=100064", "page_id", "100064"),
    ("https://www.facebook.com/100064", "page_id", "100064"),
    ("https://www.facebook.com/p/Storkopings-kommun/100064", "page_id", "100064"),
    ("https://www.facebook.com/pages/Storkoping/100064", "page_id", "100064"),
    ("HTTPS://WWW.FACEBOOK.COM/storkoping", "vanity", "storkoping"),
])
def test_a_page_is_understood(text: str, kind: str, value: str) -> None:
    found = describe(text)
    assert (found.platform, found.kind, found.value) == ("facebook", kind, value)
    assert found.address.startswith("https://www.facebook.com/")


@pytest.mark.parametrize("text", [
    "", "   ", "storkoping", "https://facebook.com.evil.se/storkoping",
    r"https://facebook.com\@evil.se", "https://facebook.com@evil.se/storkoping",
    "https://user:pass@www.facebook.com/storkoping", "https://evilfacebook.com/storkoping",
    "https://facebook.com.evil.co.uk/a", "https://xn--fcebook-hwa.com/storkoping",
    "https://facebook.se/storkoping", "ftp://facebook.com/storkoping", "javascript:alert(1)",
    "https://www.facebook.com/", "https://www.facebook.com/groups/123",
    "https://www.facebook.com/people/Anna-A/1", "https://www.facebook.com/profile.php?id=anna",
    "https://www.facebook.com/photo.php?fbid=1", "https://www.facebook.com/stor koping",
    "https://www.faceb\u200book.com/a", "https://\u202efacebook.com/a", "https://[::1/a", "//",
    "https://facebook.com:99999/a", "https://f\uff41cebook.com.evil.se/a",
])
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        describe(text)
    assert caught.value.field == "address"
    assert caught.value.next_step and "https://www.facebook.com/kommunen" in caught.value.next_step


@pytest.mark.parametrize("host,inside", [
    ("facebook.com", True), ("www.facebook.com", True), ("a.b.facebook.com", True),
    ("facebook.com.evil.se", False), ("notfacebook.com", False), ("facebook.com.", True),
    ("facebook.github.io", False), ("127.0.0.1", False), ("", False), ("com", False),
])
def test_hosts_are_judged_by_the_public_suffix_list(host: str, inside: bool) -> None:
    assert is_host(host, "facebook.com") is inside
