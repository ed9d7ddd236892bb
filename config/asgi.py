"""What an asynchronous web server calls."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.asgi import get_asgi_application

from screening.checks import refuse_incomplete_settings

application = get_asgi_application()
refuse_incomplete_settings()
