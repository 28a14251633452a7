"""Errands: what Wagtail keeps for the desk beside a change, and no editor should wait for.

To publish a story enqueues some sixteen tasks, one for each of its rows: what it refers to, and its
words for the desk's own search. Each waits here once, and the worker does it.
"""

import json
import logging
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id

from tamizdat.staff.models import Errand

logger = logging.getLogger(__name__)
CAN_WAIT = {
    "modelsearch.tasks.insert_or_update_object_task",
    "wagtail.tasks.update_reference_index_task",
}


class Errands(ImmediateBackend):
    """Keeps what can wait in the transaction that asks for it; does the rest on the spot."""

    def enqueue(self, task: Task[..., Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        if task.module_path not in CAN_WAIT:
            return super().enqueue(task, args, kwargs)
        words = json.dumps([args, kwargs], sort_keys=True)
        errand = Errand(task=task.module_path, arguments=words)
        Errand.objects.bulk_create([errand], ignore_conflicts=True)
        return TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def run(*, now: datetime) -> None:  # noqa: ARG001 as every chore
    """Do all that waits, the oldest first. One that fails is told of and dropped."""
    for errand in Errand.objects.order_by("pk"):
        with transaction.atomic():  # killed in the middle, it still waits
            # Gone before it is done: a change meanwhile asks for it anew.
            if errand.delete()[0]:
                _do(errand)


def _do(errand: Errand) -> None:
    args, kwargs = json.loads(errand.arguments)
    try:
        with transaction.atomic():
            import_string(errand.task).call(*args, **kwargs)
    except ObjectDoesNotExist:
        pass  # the row is gone, and with it what was kept about it
    except Exception as error:  # noqa: BLE001 one errand does not stop the others
        # What it says may quote a row, and a row may be about someone.
        logger.error("could not do %s: %s", errand, type(error).__name__)  # noqa: TRY400
