// Small comforts. Every page works without this file; no rule of a rule set is ever known here.
"use strict";

function focusOnNews(root) {
  const news = root.querySelector("[data-focus]");
  if (news) news.focus();
}

function showButtons(root) {
  for (const button of root.querySelectorAll("[data-print], [data-copy]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-print], [data-copy]");
  if (!button) return;
  if ("print" in button.dataset) window.print();
  else navigator.clipboard.writeText(button.dataset.copy).then(() => { button.textContent = button.dataset.copied ?? "Copied"; });
});

document.addEventListener("DOMContentLoaded", () => {
  focusOnNews(document);
  showButtons(document);
});

document.addEventListener("htmx:afterSettle", (event) => {
  focusOnNews(event.detail.elt);
  showButtons(event.detail.elt);
});
