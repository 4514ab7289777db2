"""wsgi.file_wrapper."""

# Smaller blocks cost a frame each.
LEAST_BLOCK = 64 * 1024


class FileWrapper:
    def __init__(self, filelike, block_size=8192):
        self._filelike = filelike
        self._block_size = max(block_size, LEAST_BLOCK)
        if hasattr(filelike, 'close'):
            self.close = filelike.close

    def __iter__(self):
        return iter(lambda: self._filelike.read(self._block_size), b'')
