"""Pictures of pages, kept to be looked at: three widths, both themes, free of axe's findings."""

from __future__ import annotations

from pathlib import Path

from small_library import ARTEFACTS

AXE = Path(__file__).resolve().parent / "browser" / "axe" / "axe.min.js"
AXE_RUN = """async () => {
  const found = await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']});
  const told = (node) => `${node.target.flat().join(' ')}: ${node.any[0]?.message ?? ''}`;
  return found.violations.map((one) => [one.id, one.nodes.slice(0, 4).map(told)]);
}"""
MAIN = "document.querySelector('[data-testid=stMain]')"


def findings(page):
    """What axe finds once the theme's colours are all there: a busy machine draws them in turn."""
    for _ in range(10):
        found = page.evaluate(AXE_RUN)
        if not found:
            break
        page.wait_for_timeout(500)
    return found


def keep_pictures(page, name):
    """The page as it is: free of axe's findings, within three widths, in both themes."""
    ARTEFACTS.mkdir(exist_ok=True)
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
    page.evaluate(AXE.read_text("utf-8"))
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_timeout(300)
        assert findings(page) == [], f"{name}, {theme}"
        for width in (390, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(200)
            tall = page.evaluate(f"({MAIN} || document.body).scrollHeight")
            page.set_viewport_size({"width": width, "height": min(max(tall, 900), 3000)})
            page.wait_for_timeout(100)
            page.screenshot(path=ARTEFACTS / f"{name}-{width}-{theme}.png")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} is {wide} px wide at {width}"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
