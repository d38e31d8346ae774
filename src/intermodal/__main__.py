"""`python -m intermodal`."""

from intermodal.cli import start

start()
