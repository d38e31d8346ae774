"""`python -m intermodal`."""

from intermodal.cli.main import main

main()
