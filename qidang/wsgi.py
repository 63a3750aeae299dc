"""The door for the web server; a trusted reverse proxy tells the caller's address and whether it was HTTPS."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from qidang.kit.memory import collect_seldom

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qidang.settings")
application = wrap_wsgi_with_proxy_headers(get_wsgi_application(), trusted_hosts=settings.PROXIES)
collect_seldom()
