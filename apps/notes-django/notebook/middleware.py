from django.conf import settings

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def content_security_policy(get_response):
    """No scripts, no frames, nothing from elsewhere: what the escaping lets through by mistake stays harmless."""

    def middleware(request):
        response = get_response(request)
        # The error pages of development bring styles and scripts of their own.
        if not (settings.DEBUG and response.status_code >= 400):
            response.headers.setdefault('Content-Security-Policy', POLICY)
        return response

    return middleware
