// Comforts of the question pages. The server decides everything; no rule of a rule set is known here.
"use strict";

// "None of these" beside something else, or a number beside "I don't know", would be sent back by the server.
function untick(box) {
  if (!box.checked) return;
  box.checked = false;
  document.getElementById("news").textContent = `Unticked: ${box.labels[0]?.textContent.trim()}`;
}

function keepOne(changed) {
  const form = changed.form;
  if (!form) return;
  if (changed.type === "checkbox" && changed.checked && !changed.name.endsWith("-dont_know")) {
    for (const box of form.querySelectorAll(`input[type=checkbox][name="${CSS.escape(changed.name)}"]`)) {
      if (box !== changed && (box.value === "none" || changed.value === "none")) untick(box);
    }
  }
  const question = changed.closest(".question");
  const unsure = question?.querySelector("[name$='-dont_know']");
  if (!unsure || changed.tagName === "SELECT") return;
  if (changed !== unsure) { if (changed.value.trim()) untick(unsure); }
  else if (unsure.checked) for (const box of question.querySelectorAll("input.form-control")) box.value = "";
}

// In the capture phase: before htmx asks the server what to show.
document.addEventListener("change", (event) => keepOne(event.target), true);

// Nobody is left standing in a question that goes away.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const slot = event.detail.target;
  if (!slot.contains(document.activeElement) || event.detail.fragment.querySelector("input:not([type=hidden])")) return;
  let before = slot.previousElementSibling;
  while (before && !before.querySelector("input:not([type=hidden]), textarea")) before = before.previousElementSibling;
  before?.querySelector("input:not([type=hidden]), textarea").focus();
});
