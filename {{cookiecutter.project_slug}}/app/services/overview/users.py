"""How many accounts there are, and the newest."""

from app.extensions import db
from app.models.user import Role, User
from app.services.overview import NEWEST, Newcomer, Overview, count


def overview() -> Overview:
    """Count accounts, and find the newest that live."""
    living = User.deleted_at.is_(None)
    counts = count(
        active=living & User.is_active,
        admins=living & User.is_active & (User.role == Role.ADMIN),
        deactivated=living & ~User.is_active,
        deleted=~living,
    )
    newest = User.select_living().order_by(User.created_at.desc(), User.id.desc()).limit(NEWEST)
    return Overview(counts, [newcomer(user) for user in db.session.scalars(newest)])


def newcomer(user: User) -> Newcomer:
    """Say who somebody is."""
    return Newcomer(user.id, user.email, user.full_name, user.created_at)
