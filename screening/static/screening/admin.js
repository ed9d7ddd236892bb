// Comforts of the admin. Every page works without this file; no rule of a rule set is ever known here.
"use strict";

let box = null; // the expression that a click inserts into

function insertionBox() {
  return box ?? document.querySelector("textarea.expression");
}

function insert(text) {
  const target = insertionBox();
  if (!target) return;
  const { selectionStart: start, selectionEnd: end, value } = target;
  const before = start > 0 && !/[\s({]$/.test(value.slice(0, start)) ? " " : "";
  const after = end < value.length && !/^[\s)},]/.test(value.slice(end)) ? " " : "";
  target.setRangeText(before + text + after, start, end, "end");
  target.focus();
  target.dispatchEvent(new Event("input", { bubbles: true }));
}

function makeButtons(root) {
  for (const code of root.querySelectorAll("code[data-insert]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.insert = code.textContent;
    button.append(code.textContent);
    code.replaceWith(button);
  }
}

function filter(list, words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const entry of list.querySelectorAll("[data-entry]")) {
    const text = entry.textContent.toLowerCase();
    const fits = wanted.every((word) => text.includes(word));
    entry.hidden = !fits;
    found += fits;
  }
  for (const group of list.querySelectorAll("[data-group]")) {
    group.hidden = !group.querySelector("[data-entry]:not([hidden])");
  }
  const nothing = list.querySelector("[data-nothing]");
  if (nothing) nothing.hidden = found > 0;
}

function addSearch(list) {
  if (list.querySelectorAll("[data-entry]").length < 12) return;
  const label = document.createElement("label");
  const search = document.createElement("input");
  search.type = "search";
  search.autocomplete = "off";
  search.addEventListener("input", () => filter(list, search.value));
  // Enter would save the whole page.
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  label.className = "pick-search";
  label.append("Search", search);
  list.prepend(label);
}

document.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea.expression")) box = event.target;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-insert]");
  if (button) insert(button.dataset.insert);
});

document.addEventListener("DOMContentLoaded", () => {
  makeButtons(document);
  document.querySelectorAll("[data-pick-list]").forEach(addSearch);
  for (const search of document.querySelectorAll("[data-filter]")) {
    const list = document.getElementById(search.dataset.filter);
    search.parentElement.hidden = false;
    search.addEventListener("input", () => filter(list, search.value));
    search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }
  for (const words of document.querySelectorAll("[data-with-script]")) words.hidden = false;
  document.querySelector("[data-focus]")?.focus();
});
