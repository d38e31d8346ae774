"""How the documentation is built: `make docs`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "Intermodal"
copyright = "the authors of Intermodal"  # noqa: A001 - Sphinx' own name
extensions = ["myst_parser", "generated"]
exclude_patterns = ["_build"]
nitpicky = True
html_theme = "furo"
html_title = "Intermodal"
html_copy_source = False
html_show_sphinx = False
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
