"""Running a command and watching what it takes; and which files of a tree are new."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

EACH = 0.2  # seconds between two looks at the memory


@dataclass(frozen=True)
class Watched:
    seconds: float
    peak_mib: float  # of all its processes together, what they share counted once (PSS)
    output: str


def run(
    command: Sequence[object], *, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Watched:
    """Raises CalledProcessError with what the command said."""
    start, peak = time.perf_counter(), 0
    with tempfile.TemporaryFile("w+") as said:
        process = psutil.Popen(
            list(map(str, command)), env=env, cwd=cwd, stdout=said, stderr=subprocess.STDOUT
        )
        while process.poll() is None:
            peak = max(peak, sum(_memory(process)))
            time.sleep(EACH)
        seconds = time.perf_counter() - start
        said.seek(0)
        output = said.read()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(map(str, command)), output)
    return Watched(seconds, peak / 2**20, output)


def _memory(process: psutil.Process) -> Iterator[int]:
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for each in family:
        try:
            yield each.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue


def new_files(tree: Path, *, since_ns: int) -> int:
    """Files put in their place since then; a page's compressed copies are not counted again."""
    return sum(
        os.stat(os.path.join(folder, name)).st_ctime_ns >= since_ns
        for folder, _, names in os.walk(tree)
        for name in names
        if not name.endswith((".br", ".gz", ".zst"))
    )
