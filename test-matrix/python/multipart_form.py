"""Multipart forms by the standard library, which has no module for them any more: they are mail with another name."""
from email.parser import BytesParser
from email.policy import HTTP


def uploaded(content_type, body):
    message = BytesParser(policy=HTTP).parsebytes(b'Content-Type: ' + content_type.encode() + b'\r\n\r\n' + body)
    found = {}
    for part in message.iter_parts():
        data = part.get_payload(decode=True)
        if part.get_filename() is None:
            found[part.get_param('name', header='content-disposition')] = data.decode('utf-8')
        else:
            found.update(filename=part.get_filename(), size=len(data), sum=sum(data))
    return found
