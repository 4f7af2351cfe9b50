"""Makes TPC-H's lineitem at scale 1 as FOLDER/lineitem.parquet (snappy).

usage: lineitem.py FOLDER
"""
import os
import subprocess
import sys

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
generator = os.path.join(os.path.dirname(sys.executable), "tpchgen-cli")
arguments = ["-s", "1", "--tables", "lineitem", "--format", "parquet", "--parquet-compression", "snappy", "-o", folder]
sys.exit(subprocess.run([generator, *arguments], stdout=sys.stderr).returncode)
