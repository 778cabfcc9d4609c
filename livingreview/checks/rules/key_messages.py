"""Key messages, with which a chapter opens."""

from __future__ import annotations

from ..model import Project, Row
from .rule import Problems, each, whole


@whole("key_messages")
def every_mechanism_has_a_key_message(project: Project) -> Problems:
    """A chapter opens with key messages."""
    told = project.values("key_messages", "mechanism")
    for row in project.rows("mechanisms"):
        if row.sound("mechanism") and row["mechanism"] not in told:
            what, fix = "the mechanism has no key message.", "Add one to data/key_messages.csv."
            yield row.problem("mechanism", what, fix)


@each("key_messages", "message_id", "mechanism")
def message_id_starts_with_prefix(row: Row, project: Project) -> Problems:
    """So that two pull requests do not take the same id."""
    mechanism = project.find("mechanisms", row["mechanism"])
    if mechanism is None or not mechanism.sound("prefix"):
        return
    start = f"{mechanism['prefix']}-"
    if not row["message_id"].startswith(start):
        what = "the id does not start with the prefix of its mechanism."
        fix = f"Start it with {start}, the prefix of {row['mechanism']}."
        yield row.problem("message_id", what, fix)
