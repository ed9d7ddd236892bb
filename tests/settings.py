"""The settings of a test run: config.settings with TESTING on, also for the commands that tests start."""

import atexit
import os
import shutil
import tempfile

os.environ["TESTING"] = "1"
os.environ.pop("DEMO", None)

from config.settings import *  # noqa: F403

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as in a clinic: writers wait their turn there, and in memory they do not.
    folder = tempfile.mkdtemp(prefix="screening-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    DATABASES["default"]["TEST"] = {"NAME": f"{folder}/test.sqlite3"}  # noqa: F405
    # Nothing here has to outlive a power cut; a killed process loses nothing either way.
    command = DATABASES["default"]["OPTIONS"]["init_command"]  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] = command.replace("synchronous=FULL", "synchronous=OFF")  # noqa: F405
