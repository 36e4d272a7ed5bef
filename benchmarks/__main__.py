"""`make bench`: measure, print the table, and write it into README.md."""

import argparse
import tempfile
from pathlib import Path

from benchmarks import generation, images, proof, service
from benchmarks.results import report, write


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--proof", action="store_true", help="measure `make test` instead: minutes")
    parser.add_argument("--images", action="store_true", help="measure images instead")
    parser.add_argument("--quick", action="store_true", help="look at the harness: write nothing")
    options = parser.parse_args()
    rounds, seconds = (1, 2) if options.quick else (5, 5)
    if options.proof:
        section, results = "proof", proof.measure()
    elif options.images:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            section, results = "images", [*images.measure(Path(folder))]
    else:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            section, results = "service", [*generation.measure(Path(folder), rounds=rounds)]
            results += service.measure(Path(folder), rounds=rounds, seconds=seconds)
    table = report(results)
    print(table)  # noqa: T201 - the answer
    if not options.quick:
        write(section, table)


if __name__ == "__main__":
    main()
