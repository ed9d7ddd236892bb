// Comforts of the question pages. The server decides everything; no rule of a rule set is known here. Nothing is kept in
// the browser: what is filled in goes to the server at once, and is tried again until it got there.
"use strict";

const form = document.querySelector("[data-questions]");
const questions = form?.querySelector(".questions");
const saving = document.getElementById("saving");
const news = document.getElementById("news");
const TEXT_BOXES = "input.form-control, textarea";
const TYPING_PAUSE = 800, FIRST_WAIT = 2000, LONGEST_WAIT = 30000;

// One of two contradicting answers ------------------------------------------------------------------------------------

// "None of these" beside something else, or a number beside "I don't know", would be sent back by the server.
function untick(box) {
  if (!box.checked) return;
  box.checked = false;
  news.textContent = `${form.dataset.unticked} ${box.labels[0]?.textContent.trim()}`;
}

function keepOne(changed) {
  if (changed.form !== form) return;
  const question = changed.closest(".question");
  if (changed.type === "checkbox" && changed.checked && !changed.name.endsWith("-dont_know")) {
    const alone = question.querySelector(".body-picture") ? "dont_know" : "none";
    for (const box of form.querySelectorAll(`input[type=checkbox][name="${CSS.escape(changed.name)}"]`)) {
      if (box !== changed && (box.value === alone || changed.value === alone)) untick(box);
    }
  }
  const unsure = question?.querySelector("[name$='-dont_know']");
  if (!unsure || changed.tagName === "SELECT") return;
  if (changed !== unsure) { if (changed.value.trim()) untick(unsure); }
  else if (unsure.checked) for (const box of question.querySelectorAll("input.form-control")) box.value = "";
}

// In the capture phase: before htmx sends it.
document.addEventListener("change", (event) => keepOne(event.target), true);

// Kept while it is filled in ------------------------------------------------------------------------------------------

let changes = 0, kept = 0;        // how often something changed, and up to which change the server has it
let sending = 0;                  // the change that is on its way
let failures = 0, retry, typing;
let pressed = null;               // the button that was pressed and has not got through

// Said once, not at every tick.
function tell(words) {
  saving.hidden = false;
  if (saving.textContent !== words) saving.textContent = words;
}

function sendAgain() {
  clearTimeout(retry);
  if (pressed) form.requestSubmit(pressed);
  else htmx.trigger(questions, "keep");
}

function failed() {
  failures += 1;
  form.classList.add("is-waiting");
  tell(saving.dataset.failed);
  uncover();
  clearTimeout(retry);
  retry = setTimeout(sendAgain, Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT));
}

function arrived(sender) {
  kept = Math.max(kept, sending);
  // The page was kept, and the button that was pressed has not got through: now it will.
  if (pressed && sender !== form) {
    if (failures) sendAgain();
    return;
  }
  tell(failures ? saving.dataset.again : saving.dataset.saved);
  failures = 0;
  clearTimeout(retry);
  form.classList.remove("is-waiting");
}

// Whoever leaves in the middle of a word.
function sendLast() {
  if (changes === kept || pressed) return;
  const body = new URLSearchParams(new FormData(form));
  fetch(questions.getAttribute("hx-post"), { method: "POST", body, keepalive: true, headers: { "HX-Request": "true" } })
    .then((response) => { if (response.ok) arrived(); }, () => {});
  sending = changes;
}

function keepEverything() {
  htmx.config.timeout = 20000;
  // With this the button waits for the connection, rather than losing the page to the browser's own words.
  form.setAttribute("hx-post", location.pathname);
  form.setAttribute("hx-swap", "none");
  htmx.process(form);
  form.addEventListener("input", (event) => {
    changes += 1;
    pressed = null;
    clearTimeout(typing);
    if (event.target.matches(TEXT_BOXES)) typing = setTimeout(() => htmx.trigger(questions, "keep"), TYPING_PAUSE);
  });
  form.addEventListener("submit", (event) => { pressed = event.submitter; });
  form.addEventListener("htmx:beforeRequest", () => { sending = changes; clearTimeout(typing); });
  form.addEventListener("htmx:beforeOnLoad", (event) => { if (event.detail.xhr.status < 400) arrived(event.detail.elt); });
  for (const kind of ["sendError", "responseError", "timeout"]) form.addEventListener(`htmx:${kind}`, failed);
  // Back on a page that the browser had put aside as it was.
  window.addEventListener("pageshow", () => { pressed = null; });
  window.addEventListener("online", () => { if (failures) sendAgain(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") sendLast(); });
  window.addEventListener("beforeunload", (event) => { if (failures && changes !== kept) event.preventDefault(); });
}

if (form && typeof htmx === "object") keepEverything();

// Nothing moves under a finger ----------------------------------------------------------------------------------------

let touched = null, held = null;
for (const kind of ["pointerdown", "focusin"]) {
  document.addEventListener(kind, (event) => { touched = event.target.closest?.(".question, .actions") ?? touched; }, true);
}

function isSeen(element) {
  const box = element?.isConnected && element.getBoundingClientRect();
  return box && box.bottom > 0 && box.top < innerHeight;
}

function holdStill() {
  const seen = isSeen(touched) ? touched : [...document.querySelectorAll(".question")].find(isSeen);
  held = seen ? { element: seen, top: seen.getBoundingClientRect().top } : null;
}

function backInPlace() {
  if (held?.element.isConnected) scrollBy({ top: held.element.getBoundingClientRect().top - held.top, behavior: "instant" });
}

// What comes at the lower edge must not lie on what is being filled in.
function uncover() {
  const at = document.activeElement?.closest(".choice, .scale label, .form-control, .form-select");
  if (!form.contains(at)) return;
  const bar = form.querySelector(".page-state").getBoundingClientRect(), box = at.getBoundingClientRect();
  if (box.top < bar.bottom && box.bottom > bar.top) scrollBy({ top: box.bottom - bar.top + 12, behavior: "instant" });
}

document.addEventListener("htmx:beforeOnLoad", holdStill);
document.addEventListener("htmx:oobAfterSwap", (event) => {
  backInPlace();
  if (event.detail.target.id === "stop-now") uncover();
});

// A click on the picture ticks its box. The browser would also go to the box, and the picture would move away.
document.addEventListener("click", (event) => {
  const label = event.target.closest?.(".body-area")?.closest("label");
  if (!label) return;
  event.preventDefault();
  label.control.click();
});

// Nobody is left standing in a question that goes away.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const slot = event.detail.target;
  const stays = event.detail.fragment.querySelector("input:not([type=hidden])");
  if (!slot.matches(".slot") || !slot.contains(document.activeElement) || stays) return;
  let before = slot.previousElementSibling;
  while (before && !before.querySelector("input:not([type=hidden]), textarea")) before = before.previousElementSibling;
  before?.querySelector("input:not([type=hidden]), textarea").focus();
});
