"""Real data to run on, not ours to publish: tests that need it are skipped without, and say so."""

import os
from pathlib import Path

import pytest

INPUTS = Path(os.environ.get("TAMIZDAT_INPUTS", Path(__file__).parents[2] / "shared/inputs"))


def needs(path: Path) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not path.exists(), reason=f"no {path}; see TAMIZDAT_INPUTS")
