"""The command line. Its first step is here; `main.py` is its frame."""

import gc
from typing import NoReturn


def start() -> NoReturn:
    """Run the command that the process was started with, and end the process."""
    # A run makes hundreds of thousands of small values without cycles, then ends; to look for cycles among them
    # took a tenth of the time.
    gc.disable()
    from intermodal.cli.main import main  # noqa: PLC0415 - imports are many small values too

    main()
