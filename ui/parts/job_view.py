"""A job's progress."""


def watch_job() -> bool:
    return False


def start_sync() -> None:
    pass
