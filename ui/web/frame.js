// What holds for the whole page: keys, who sits here, and what is said while the server is away.
const BUSY = new Set(["INPUT", "TEXTAREA", "SELECT"]);
const PATIENCE = 1500; // milliseconds: a reload of the server's own is no absence

// "/" puts the cursor into the question box, from anywhere but another box.
function toTheBox(event, label) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = event.composedPath()[0];
  if (BUSY.has(at.tagName) || at.isContentEditable) return;
  const box = document.querySelector(`input[aria-label="${label}"]`);
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
}

// A typed date counts when the field is left: Enter leaves it, and comes back to its calendar's
// button, which alone does not open the calendar again.
function dateIsTyped(event, label) {
  const field = event.composedPath()[0].closest?.("[data-testid=stDateInputField]");
  if (event.key !== "Enter" || !field || event.target.tagName === "BUTTON") return;
  const elsewhere = `input[aria-label="${label}"], [data-testid=stHeader] a, [data-testid=stHeader] button`;
  document.querySelector(elsewhere)?.focus();
  setTimeout(() => field.querySelector("button")?.focus(), 100);
}

function remember({ cookie, person }) {
  if (document.cookie.split("; ").some((one) => one.startsWith(`${cookie}=`))) return;
  document.cookie = `${cookie}=${person}; max-age=31536000; path=/; SameSite=Strict`;
}

// Parts of a page that were asked for while nobody answered are missing until it is loaded anew.
let inPart = false;
addEventListener("vite:preloadError", () => { inPart = true; });

function told() {
  const line = document.createElement("p");
  line.className = "codedesk-away";
  line.setAttribute("role", "alert");
  line.textContent = "Codedesk does not answer: it was stopped, or this computer cannot reach it. What is on the page can be read. The page tries again by itself; if this stays, start Codedesk again.";
  return line;
}

// Streamlit's own sentence asks about the internet, which nobody here needs, and dims the page.
function closeStreamlits() {
  const dialog = [...document.querySelectorAll("[role=dialog]")].find((one) => one.textContent.startsWith("Connection error"));
  dialog?.querySelector("button[aria-label=Close]")?.click();
}

function watch(back) {
  const app = document.querySelector("[data-testid=stApp]");
  if (!app) return () => {};
  let line = null;
  let timer = null;
  const dialogs = new MutationObserver(closeStreamlits);
  const look = () => {
    clearTimeout(timer);
    if (app.dataset.testConnectionState === "CONNECTED") {
      if (line) setTimeout(inPart ? () => location.reload() : back, 200);
      line?.remove();
      line = null;
      dialogs.disconnect();
    } else {
      dialogs.observe(document.body, { childList: true, subtree: true });
      timer = setTimeout(() => line || document.body.append((line = told())), PATIENCE);
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
  return () => {
    observer.disconnect();
    dialogs.disconnect();
    clearTimeout(timer);
    line?.remove();
  };
}

export default function ({ data: [data], setTriggerValue }) {
  const press = (event) => {
    toTheBox(event, data.box);
    dateIsTyped(event, data.box);
  };
  document.addEventListener("keydown", press, true); // before Streamlit keeps a key to itself
  remember(data);
  // A server that was started anew knows nothing of this page until the page is run.
  const unwatch = watch(() => setTriggerValue("back", true));
  return () => {
    document.removeEventListener("keydown", press, true);
    unwatch();
  };
}
