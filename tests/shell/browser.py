#!/usr/bin/env python3
"""Stands in for the owner's browser: opens a sign-in page and says yes, as its form is filled in."""

import sys
import urllib.parse
import urllib.request
from html.parser import HTMLParser


class Form(HTMLParser):
    """The first form of a page: what it would send when its first button is pressed."""

    def __init__(self):
        super().__init__()
        self.action = None
        self.values = []
        self.pressed = False

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        name = attributes.get("name")
        if tag == "form" and self.action is None:
            self.action = attributes.get("action", "")
        elif tag == "input" and name:
            chosen = attributes.get("type") not in ("radio", "checkbox") or "checked" in attributes
            if chosen:
                self.values.append((name, attributes.get("value", "")))
        elif tag == "button" and not self.pressed:
            self.pressed = True
            if name:
                self.values.append((name, attributes.get("value", "")))


def main():
    with urllib.request.urlopen(sys.argv[1]) as page:
        address = page.geturl()
        form = Form()
        form.feed(page.read().decode())
    if form.action is not None:
        answer = urllib.parse.urlencode(form.values).encode()
        urllib.request.urlopen(urllib.parse.urljoin(address, form.action), answer).close()


main()
