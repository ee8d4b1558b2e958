"""What the secretariat is asked before a notice goes out again: nothing but whether."""

from editing.forms import PortalForm


class ResendForm(PortalForm):
    """No fields: the page says what will happen, and the button does it."""
