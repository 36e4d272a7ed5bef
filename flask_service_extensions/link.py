"""The record that links a service to the commit of the template that it is generated from."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# What else would name another repository.
ENVIRONMENT = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}


class NotInGitError(Exception):
    """The template is no repository, or git does not answer."""


def template_link(answers: Mapping[str, Any]) -> str | None:
    """Return the record as cruft writes it, or None for a template that is no clean commit.

    Cruft keeps its own record and passes no `_repo_dir`.
    """
    if "_repo_dir" not in answers:
        return None
    try:
        if git("rev-parse", "--show-cdup") or git("status", "--porcelain", "--untracked-files=all"):
            return None
        commit = git("rev-parse", "HEAD")
        url = find_url(is_local=answers["_repo_dir"] == answers["_template"])
    except NotInGitError:
        return None
    public = {name: value for name, value in answers.items() if not name.startswith("_")}
    link = {
        "template": url,
        "commit": commit,
        "checkout": answers.get("_checkout"),
        "context": {"cookiecutter": public},
        "directory": None,
    }
    return json.dumps(link, ensure_ascii=False, indent=2) + "\n"


def find_url(*, is_local: bool) -> str:
    """Return the URL of the remote repository, or the folder if only that has the commit."""
    if is_local and not git("for-each-ref", "--contains", "HEAD", "refs/remotes/origin"):
        return Path.cwd().as_posix()
    return without_password(git("remote", "get-url", "origin"))


def without_password(url: str) -> str:
    """Remove a user and a password, which must not be committed."""
    parts = urlsplit(url)
    if parts.scheme in {"http", "https"}:
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return url


def git(*words: str) -> str:
    """Run git in the template, where cookiecutter renders hooks, and return what it printed."""
    try:
        done = subprocess.run(
            ["git", *words],
            env=ENVIRONMENT,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise NotInGitError from error
    if done.returncode:
        raise NotInGitError(done.stderr)
    return done.stdout.strip()
