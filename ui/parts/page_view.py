"""page view"""


def look_at(library, place, *, marks, closed): ...
