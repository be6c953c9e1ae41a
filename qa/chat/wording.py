"""What the page is called; its own words are in ``web/words-*.js``."""

NAME = "问报 Wenbao"
