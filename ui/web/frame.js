// "/" puts the cursor into the question box, from anywhere but another box.
const BUSY = new Set(["INPUT", "TEXTAREA", "SELECT"]);

export default function ({ data: [data] }) {
  const press = (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.composedPath()[0];
    if (BUSY.has(at.tagName) || at.isContentEditable) return;
    const box = document.querySelector(`input[aria-label="${data.box}"]`);
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  };
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}
