"""The Python worker of @tsgi/bridge. Standard library only, Python 3.9 and later."""
