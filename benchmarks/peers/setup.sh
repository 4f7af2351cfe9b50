#!/usr/bin/env bash
# Makes the peers' Python environment in benchmarks/peers/venv (or the folder given).
# usage: setup.sh [FOLDER]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=${1:-"$here/venv"}
command -v python3 >/dev/null || {
  echo "setup.sh: no python3 on the PATH; install Python 3.10 or newer with its venv module" >&2
  exit 1
}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
"$venv/bin/python" - <<'PY'
import duckdb, polars, pyarrow, dask
print(f"polars {polars.__version__}, duckdb {duckdb.__version__}, pyarrow {pyarrow.__version__}, dask {dask.__version__}")
PY
