from .delegations import Body, Delegation
from .memberships import Membership, Role
from .posts import Post
from .users import User

__all__ = ["Body", "Delegation", "Membership", "Post", "Role", "User"]
