// One key for every act, other views of the paper, and the station's sign of life. No inline code: CSP forbids it.
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
  if (event.ctrlKey || event.altKey || event.metaKey || (typing && event.key !== "Escape")) return;
  if (event.key === "Escape") { document.activeElement.blur(); return; }
  const found = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (found && !found.disabled) { event.preventDefault(); found.click(); }
});

// A second press of the same key must not send a second answer: the first one is on its way.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((one) => delete one.dataset.sent));

document.querySelectorAll("[data-view]").forEach((button) => button.addEventListener("click", () => {
  document.getElementById("sheet").src = button.dataset.view;
  document.querySelectorAll("[data-view]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
}));

const zoom = document.getElementById("zoom");
if (zoom) zoom.addEventListener("click", () => {
  const close = document.querySelector(".sheet").classList.toggle("close");
  zoom.setAttribute("aria-pressed", String(close));
});

const list = document.getElementById("list");
if (list) list.addEventListener("change", () => list.form.requestSubmit());

const station = document.querySelector("[data-stay]");
if (station) setInterval(() => fetch("/stay", {
  method: "POST", headers: {"Content-Type": "application/x-www-form-urlencoded"},
  body: new URLSearchParams({csrf: station.dataset.stay}),
}), 20000);
