import os
from pathlib import Path

from .secret_key import kept_in

BASE_DIR = Path(__file__).parent.parent
NOTES_FILE = Path(os.environ.get('NOTES_FILE') or BASE_DIR / 'notes.sqlite')
YEAR = 365 * 24 * 3600

DEBUG = os.environ.get('DEBUG') == '1'
SECRET_KEY = os.environ.get('SECRET_KEY') or kept_in(NOTES_FILE.with_name(f'{NOTES_FILE.name}-secret'))
ALLOWED_HOSTS = os.environ.get('ALLOWED_HOSTS', 'localhost,127.0.0.1,[::1]').split(',')

INSTALLED_APPS = [
    'django.contrib.messages',
    'django.contrib.sessions',
    'django.contrib.staticfiles',
    'notebook',
]

MIDDLEWARE = [
    'django.middleware.security.SecurityMiddleware',
    'notebook.middleware.content_security_policy',
    'django.contrib.sessions.middleware.SessionMiddleware',
    'django.middleware.common.CommonMiddleware',
    'django.middleware.csrf.CsrfViewMiddleware',
    'django.contrib.messages.middleware.MessageMiddleware',
    'django.middleware.clickjacking.XFrameOptionsMiddleware',
]

ROOT_URLCONF = 'notes.urls'
WSGI_APPLICATION = 'notes.wsgi.application'

TEMPLATES = [
    {
        'BACKEND': 'django.template.backends.django.DjangoTemplates',
        'APP_DIRS': True,
        'OPTIONS': {
            'context_processors': [
                'django.template.context_processors.debug',
                'django.template.context_processors.request',
                'django.contrib.messages.context_processors.messages',
            ],
        },
    },
]

DATABASES = {
    'default': {
        'ENGINE': 'django.db.backends.sqlite3',
        'NAME': NOTES_FILE,
        # Seconds to wait for another process that writes.
        'OPTIONS': {'timeout': 10},
    },
}
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'

# All that a session holds is the name of a notebook, which fits into the cookie. Each visit makes it last a year again.
SESSION_ENGINE = 'django.contrib.sessions.backends.signed_cookies'
SESSION_COOKIE_NAME = 'notebook'
SESSION_COOKIE_AGE = YEAR
SESSION_SAVE_EVERY_REQUEST = True

STATIC_URL = '/static/'
STATICFILES_DIRS = [BASE_DIR.parent / 'notes-kit' / 'static']

TIME_ZONE = 'UTC'
USE_TZ = True

# Without DEBUG, Django mails errors to the administrators, of whom there are none, and logs nothing.
LOGGING = {
    'version': 1,
    'disable_existing_loggers': False,
    'handlers': {'console': {'class': 'logging.StreamHandler', 'level': 'INFO' if DEBUG else 'ERROR'}},
    'loggers': {'django': {'handlers': ['console'], 'level': 'INFO'}},
}
