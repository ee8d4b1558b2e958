// An action that is dragged is put where the buttons would put it: the same post, the same page afterwards.
"use strict";

(() => {
  const form = document.querySelector("[data-ordered]");
  if (!form || !window.Sortable) return;
  const list = form.querySelector("ol");
  for (const hidden of form.querySelectorAll("[data-handle], [data-drag-hint]")) hidden.hidden = false;

  window.Sortable.create(list, {
    handle: "[data-handle]",
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    onEnd({ item, oldIndex, newIndex }) {
      if (oldIndex === newIndex) return;
      const put = document.createElement("input");
      put.type = "hidden";
      put.name = "put";
      put.value = `${item.dataset.action}-${item.nextElementSibling?.dataset.action || ""}`;
      form.append(put);
      form.requestSubmit();
    },
  });
})();
