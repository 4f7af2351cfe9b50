"""Runs notebooks as they are, each in a kernel of its own, two at a time.

    python check.py NOTEBOOK…

A cell's metadata may list what its outputs must contain, as "expect". Notebooks are kept
without outputs. Exit status: 0 when all is as it should be, else 1, with what isn't.
"""

import asyncio
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

KERNELS_MAX = 2
CELL_SECONDS_MAX = 120


def shown(cell):
    """All that a cell shows, as one text."""
    parts = ["".join(o.text for o in cell.outputs if o.output_type == "stream")]
    for output in cell.outputs:
        parts.extend(str(body) for body in output.get("data", {}).values())
    return "\n".join(parts)


def errors(cell):
    """What a cell that failed says."""
    return ["\n".join(o.traceback) for o in cell.outputs if o.output_type == "error"]


async def problems(path, turns):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    found = []
    if any(cell.outputs or cell.get("execution_count") for cell in code):
        found.append("it is kept with outputs: clear them")
    async with turns:
        began = time.monotonic()
        client = NotebookClient(
            notebook,
            timeout=CELL_SECONDS_MAX,
            allow_errors=False,
            resources={"metadata": {"path": str(path.parent)}},
        )
        try:
            await client.async_execute()
        except Exception as thrown:  # whatever it is, the other notebooks are still looked at
            return found + [str(thrown)] + [error for cell in code for error in errors(cell)]
        print(f"{path.name}: {len(code)} cells, {time.monotonic() - began:.1f} s")
    for cell in code:
        for wanted in cell.metadata.get("expect", []):
            if wanted not in shown(cell):
                found.append(f"not shown: {wanted!r}\n{cell.source}\n--\n{shown(cell)[:2000]}")
    return found


async def main(paths):
    turns = asyncio.Semaphore(KERNELS_MAX)
    results = await asyncio.gather(*(problems(path, turns) for path in paths))
    for path, found in zip(paths, results):
        for problem in found:
            print(f"{path.name}: {problem}")
    return 1 if any(results) else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main([Path(name).absolute() for name in sys.argv[1:]])))
