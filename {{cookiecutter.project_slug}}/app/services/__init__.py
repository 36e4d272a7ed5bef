"""Business rules: functions that know no request, raise `app.exceptions` and commit."""
