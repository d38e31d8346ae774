"""How long PyYAML's C loader needs for an input, and its C dumper for an output, with nothing in between.

`python pyyaml_alone.py INPUT.yaml OUTPUT.yaml` prints the two times in seconds.
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

import yaml


def main() -> None:
    source, target = (Path(name) for name in sys.argv[1:])
    text = source.read_text(encoding="utf-8")
    documents = list(yaml.load_all(target.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    gc.collect()
    gc.freeze()
    started = time.perf_counter()
    yaml.load(text, Loader=yaml.CSafeLoader)
    loaded = time.perf_counter()
    yaml.dump_all(documents, Dumper=yaml.CSafeDumper, sort_keys=False)
    print(loaded - started, time.perf_counter() - loaded)


if __name__ == "__main__":
    main()
