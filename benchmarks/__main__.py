"""`make bench`: measure, print the table, and write it into README.md."""

import argparse
import tempfile
from pathlib import Path

from benchmarks import faults, generation, images, instructions, proof, service
from benchmarks.results import machine, report, write


def main() -> None:
    """Run the chosen benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--proof", action="store_true", help="measure `make test` instead: minutes")
    parser.add_argument("--images", action="store_true", help="measure images instead")
    parser.add_argument("--quick", action="store_true", help="look at the harness: write nothing")
    parser.add_argument("--faults", action="store_true", help="count lost requests instead")
    parser.add_argument(
        "--instructions", action="store_true", help="count instructions instead; fail if they grew"
    )
    parser.add_argument("--peers", type=Path, help="a folder with peers.toml, see peers.py")
    options = parser.parse_args()
    rounds, seconds = (1, 1) if options.quick else (15, 1)
    tables: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if options.faults:
            tables["faults"] = "\n".join([*faults.measure(Path(folder)), "", machine()])
        elif options.instructions:
            tables["instructions"] = report([*instructions.measure(Path(folder))])
        elif options.images:
            tables["images"] = report([*images.measure(Path(folder))])
        elif options.proof:
            tables["proof"] = report([*proof.measure()])
        else:
            generated = generation.measure(Path(folder), rounds=rounds)
            measured, grown = service.measure(
                Path(folder), rounds=rounds, seconds=seconds, peer_folder=options.peers
            )
            tables = {"service": report([*generated, *measured]), "growth": report(grown)}
    for section, table in tables.items():
        print(table)  # noqa: T201 - the answer
        if not options.quick:
            write(section, table)


if __name__ == "__main__":
    main()
