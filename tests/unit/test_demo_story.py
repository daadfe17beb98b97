"""What the demonstration tells at its end."""

from datetime import UTC, datetime
from uuid import UUID

from station.commands.story import Story
from station.core.link_events import DeliveryProgress, DeliveryStage

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)


def progress(report_id, stage):
    return DeliveryProgress(report_id, None, "case", stage, NOW)


def test_a_message_that_left_before_anybody_looked_is_not_counted_as_one_stored_too_many():
    story = Story()
    story.stored(UUID(int=1), NOW)
    for stage in DeliveryStage:
        story.take(progress(UUID(int=2), stage))
    story.stored(UUID(int=2), NOW)
    assert story.summary().endswith("0 cases; 1 message to the CDC, 1 stored there, 1 receipt")


def test_a_message_on_its_way_is_neither_stored_nor_receipted():
    story = Story()
    story.take(progress(UUID(int=1), DeliveryStage.DURABLE))
    assert story.summary().endswith("1 message to the CDC, 0 stored there, 0 receipts")
