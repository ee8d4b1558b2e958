// Two comforts; every page works without them. No listener is written into the pages: the policy forbids it.
"use strict";

// After errors the summary takes the focus, so that it is read first and the keyboard starts there.
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

// Printing needs a script, so its button appears only where scripts run.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
