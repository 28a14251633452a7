import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tamizdat.config import examining


class Command(BaseCommand):
    help = "Say what is missing or risky, and what to do about it."
    requires_system_checks = []  # they are among what it says

    def handle(self, **_: Any) -> None:
        findings = examining.examine(now=timezone.now())
        for finding in findings:
            word = "Fix" if finding.must_be_fixed else "Know"
            self.stdout.write(f"{word}: {finding.says}\n     {finding.remedy}")
        if not findings:
            self.stdout.write("All is well.")
        if any(finding.must_be_fixed for finding in findings):
            sys.exit(1)
