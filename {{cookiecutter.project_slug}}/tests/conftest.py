"""The modules with the fixtures of all tests."""

pytest_plugins = [
    "tests.plugins.settings",
    "tests.plugins.databases",
    "tests.plugins.apps",
    # @if cookiecutter.auth != "none"
    "tests.plugins.credentials",
    "tests.plugins.accounts",
    "tests.plugins.mails",
    # @if cookiecutter.admin or cookiecutter.pages
    "tests.plugins.browsers",
    # @endif
    # @else
    "tests.plugins.anonymous",
    # @endif
    "tests.plugins.caches",
    "tests.plugins.posts",
    "tests.plugins.models",
]
