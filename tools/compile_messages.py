"""Compile one message catalogue (.po to .mo) without GNU gettext: compile_messages.py FROM TO."""

import sys

import polib

if __name__ == "__main__":
    polib.pofile(sys.argv[1]).save_as_mofile(sys.argv[2])
