"""."""


def show() -> None: ...
