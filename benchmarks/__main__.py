"""`make bench`: measure, print the table, and write it into README.md."""

import argparse
import tempfile
from pathlib import Path

from benchmarks import faults, generation, images, proof, service
from benchmarks.results import machine, report, write


def main() -> None:
    """Run the chosen benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--proof", action="store_true", help="measure `make test` instead: minutes")
    parser.add_argument("--images", action="store_true", help="measure images instead")
    parser.add_argument("--quick", action="store_true", help="look at the harness: write nothing")
    parser.add_argument("--faults", action="store_true", help="count lost requests instead")
    options = parser.parse_args()
    rounds, seconds = (1, 2) if options.quick else (25, 1)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if options.faults:
            section, table = "faults", "\n".join([*faults.measure(Path(folder)), "", machine()])
        elif options.images:
            section, table = "images", report([*images.measure(Path(folder))])
        elif options.proof:
            section, table = "proof", report([*proof.measure()])
        else:
            results = [*generation.measure(Path(folder), rounds=rounds)]
            results += service.measure(Path(folder), rounds=rounds, seconds=seconds)
            section, table = "service", report(results)
    print(table)  # noqa: T201 - the answer
    if not options.quick:
        write(section, table)


if __name__ == "__main__":
    main()
