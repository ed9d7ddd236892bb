"""What a web server calls."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application

from screening.checks import refuse_incomplete_settings

application = get_wsgi_application()
refuse_incomplete_settings()
