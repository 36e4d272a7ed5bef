"""How many accounts there are, and the newest."""

from app.extensions import db
from app.models.user import Role, User
from app.services.overview import NEWEST, Overview, RecentRecord, count


def overview() -> Overview:
    """Count accounts, and find the newest that live."""
    living = User.deleted_at.is_(None)
    counts = count(
        active=living & User.is_active,
        admins=living & User.is_active & (User.role == Role.ADMIN),
        deactivated=living & ~User.is_active,
        deleted=~living,
    )
    newest = User.select_not_deleted().order_by(User.created_at.desc(), User.id.desc()).limit(NEWEST)
    return Overview(counts, [recent_record(user) for user in db.session.scalars(newest)])


def recent_record(user: User) -> RecentRecord:
    """Say who somebody is."""
    return RecentRecord(user.id, user.email, user.full_name, user.created_at)
