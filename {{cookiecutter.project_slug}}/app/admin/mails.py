"""Outgoing mails in the admin."""

from flask_admin.form import BaseForm
from markupsafe import Markup

from app.admin.fields import ChoiceFilter, IsSetFilter, format_badge
from app.admin.views import ServiceModelView
from app.models.outgoing_mail import MailKind, OutgoingMail


def format_state(_view: object, _context: object, record: OutgoingMail, _name: str) -> Markup:
    """Show whether the mail was sent."""
    return format_badge(record.state)


class MailView(ServiceModelView):
    """All outgoing mails, to read only; their texts are not stored."""

    can_create = False
    can_edit = False
    can_delete = False
    can_export = False
    column_list = ("email", "kind", "state", "tries", "error", "created_at")
    column_sortable_list = ["email", "tries", "created_at"]
    column_searchable_list = ["email", "error"]
    column_labels = {"email": "Email", "error": "Error", "created_at": "Created (UTC)"}
    column_formatters = {"state": format_state}
    column_filters = [
        ChoiceFilter(OutgoingMail.kind, "Kind", {kind.value: kind.value for kind in MailKind}),
        IsSetFilter(OutgoingMail.sent_at, "Sent"),
    ]
    form = BaseForm
    row_links = []

    def __init__(self) -> None:
        """Serve the table at `/admin/mails`."""
        super().__init__(OutgoingMail, "mails")

    def is_action_allowed(self, name: str) -> bool:  # noqa: ARG002 - the base names it
        """Allow no actions."""
        return False

    def row_actions(self, record: OutgoingMail) -> list[str]:  # noqa: ARG002 - the base names it
        """Return no actions."""
        return []
