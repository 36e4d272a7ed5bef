"""Check the subjects of commits: `python -m tests.commit_subjects FILE` or `... FROM..TO`.

pre-commit calls it with the file of the message that git is about to commit, the workflow with the
range of a pull request. It needs nothing but the standard library.
"""

import subprocess
import sys
from pathlib import Path

MAX_LENGTH = 72


def problem(subject: str) -> str | None:
    """Return what is wrong with a subject and what to do, or None."""
    if not subject.strip():
        return "The commit message has no subject: write one in its first line."
    if len(subject) > MAX_LENGTH:
        return (
            f"The subject has {len(subject)} characters, at most {MAX_LENGTH} are allowed: "
            f"{subject!r}. Put the details into the body."
        )
    return None


def subjects(source: str) -> list[str]:
    """Return the subjects of a range of commits, or the one in the file of a message."""
    if ".." not in source or Path(source).exists():
        lines = Path(source).read_text("utf-8").splitlines()
        # The comments that git adds are no part of the message.
        return [next((line for line in lines if not line.startswith("#")), "")]
    command = ["git", "log", "--no-merges", "--format=%s", source]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()


def main(source: str) -> int:
    """Print the problems and return the exit status."""
    problems = [found for subject in subjects(source) if (found := problem(subject))]
    print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
