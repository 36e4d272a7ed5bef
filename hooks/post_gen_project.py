"""Delete the files of features nobody chose, start a repository, tell what to do next."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

# feature: (the answers of which any one brings it, the paths that only it needs)
FEATURE_PATHS = {
    "accounts": (
        {"auth": ["jwt", "session"]},
        [
            "app/api/auth.py",
            "app/api/users.py",
            "app/commands/accounts.py",
            "app/commands/tokens.py",
            "app/models/login_session.py",
            "app/models/user.py",
            "app/schemas/auth.py",
            "app/schemas/user.py",
            "app/security",
            "app/services/auth.py",
            "app/services/login_sessions.py",
            "app/services/users.py",
            "migrations/versions/0002_accounts.py",
            "tests/plugins/accounts.py",
            "tests/api/test_auth.py",
            "tests/api/test_users.py",
            "tests/commands/test_accounts.py",
            "tests/commands/test_tokens.py",
            "tests/plugins/credentials.py",
            "tests/models",
            "tests/security",
            "tests/services/test_auth.py",
            "tests/services/test_login_sessions.py",
            "tests/services/test_users.py",
            "tests/test_account_races.py",
        ],
    ),
    "open": ({"auth": ["none"]}, ["tests/plugins/anonymous.py"]),
    "jwt": (
        {"auth": ["jwt"]},
        [
            "app/api/tokens.py",
            "app/schemas/token.py",
            "app/security/jwt.py",
            "tests/api/test_tokens.py",
        ],
    ),
    "session": (
        {"auth": ["session"]},
        [
            "app/api/csrf.py",
            "app/schemas/csrf.py",
            "app/security/session.py",
            "tests/session_clients.py",
            "tests/security/test_session.py",
        ],
    ),
    "browser": (
        {"auth": ["session"], "admin": [True]},
        [
            "app/security/browser_sessions.py",
            "app/security/csrf.py",
        ],
    ),
    "admin": (
        {"admin": [True]},
        [
            "app/admin",
            "app/services/overview",
            "app/templates",
            "tests/admin",
        ],
    ),
    "github": ({"ci": ["github"]}, [".github"]),
    "gitlab": ({"ci": ["gitlab"]}, [".gitlab-ci.yml", "renovate.json"]),
    "docker": (
        {"docker": [True]},
        [
            ".dockerignore",
            "Dockerfile",
            "compose.dev.yaml",
            "compose.yaml",
            "docker",
            "tools/make_docker_env.py",
        ],
    ),
    "PostgreSQL server": ({"database": ["postgresql"]}, ["docker/create-role.sh"]),
    "database server": (
        {"database": ["postgresql", "mysql"]},
        ["docker/database.env.example"],
    ),
}


def remove_unchosen(answers: dict) -> None:
    """Delete by the table; a path that is not there means the table lies, whatever was chosen."""
    named = [Path(path) for _, paths in FEATURE_PATHS.values() for path in paths]
    if missing := [path.as_posix() for path in named if not path.exists()]:
        sys.exit(f"hooks/post_gen_project.py names {missing[0]}, which the template does not have")
    for brought_by, paths in FEATURE_PATHS.values():
        if not any(answers[option] in choices for option, choices in brought_by.items()):
            for path in filter(Path.exists, map(Path, paths)):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def start_repository() -> None:
    """Run git init where git exists, unless the project lies inside a repository already."""
    if shutil.which("git"):
        inside = subprocess.run(["git", "rev-parse", "--git-dir"], capture_output=True)
        if inside.returncode:
            subprocess.run(["git", "init", "--quiet", "--initial-branch=main"], check=False)


def print_next_commands(slug: str) -> None:
    """Tell the shortest way to a running service."""
    print(f"\nYour service is in {slug}. Next:\n\n  cd {slug}\n  make setup\n  make run\n")


if __name__ == "__main__":
    ANSWERS = json.loads(r"""{{ cookiecutter | tojson }}""")
    remove_unchosen(ANSWERS)
    start_repository()
    if "COOKIECUTTER_QUIET" not in os.environ:  # an update renders the project for comparison
        print_next_commands(ANSWERS["project_slug"])
