// Long texts are Markdown: a preview at each, and what is pasted from Word or a page keeps its paragraphs, lists,
// bold, tables and links. Without this script the form has one preview for all, and pasting gives plain text.
"use strict";

(() => {
  const STRUCTURE = "p + p, br, b, strong, i, em, ul, ol, table, a[href], h1, h2, h3, h4, h5, h6, [data-css*='mso-list'],"
    + "[data-css*='font-weight'], [data-css*='font-style']";
  const NOTHING_OF_IT = "script, style, meta, link, title, xml, img, svg, object, iframe, input, button, select, textarea";
  const LIST_MARK = "[data-css*='mso-list:Ignore'], [data-css*='mso-list: Ignore']";

  // -- what Word means -----------------------------------------------------------------------------------------------

  function rename(element, name) {
    const made = element.ownerDocument.createElement(name);
    made.append(...element.childNodes);
    element.replaceWith(made);
    return made;
  }

  function clean(root) {
    const comments = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
    const found = [];
    while (comments.nextNode()) found.push(comments.currentNode);
    for (const part of [...found, ...root.querySelectorAll(NOTHING_OF_IT)]) part.remove();
    const texts = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replace(/\u00a0/g, " ");
  }

  function said(element, property) {
    return new RegExp(`${property}\\s*:\\s*([\\w-]+)`, "i").exec(element.dataset.css || "")?.[1].toLowerCase() || "";
  }

  function readStyles(root) {
    for (const part of [...root.querySelectorAll("b, strong, i, em, span")]) {
      const fontWeight = said(part, "font-weight");
      const fontStyle = said(part, "font-style");
      const isBold = fontWeight ? fontWeight === "bold" || Number(fontWeight) >= 600 : part.matches("b, strong");
      const isItalic = fontStyle ? fontStyle === "italic" : part.matches("i, em");
      let inner = rename(part, "span");
      if (isItalic) inner = rename(inner, "em");
      if (isBold) {
        const strong = inner.ownerDocument.createElement("strong");
        inner.replaceWith(strong);
        strong.append(inner);
      }
    }
    for (const link of root.querySelectorAll("a[href]")) {
      if (!/^(https?:\/\/|mailto:)/i.test(link.getAttribute("href"))) rename(link, "span");
    }
  }

  // Word writes the points of a list as paragraphs with a style; each level becomes a list within the one above.
  function readLists(root) {
    let open = []; // the lists that the next point may go on with, the outermost first
    let last = null;
    for (const paragraph of [...root.querySelectorAll("[data-css*='mso-list']:not(span)")]) {
      const level = Number(/level(\d+)/.exec(paragraph.dataset.css)?.[1] || 1);
      const mark = paragraph.querySelector(LIST_MARK);
      const typed = mark ? mark.textContent.trim() : "";
      const number = /^(\d{1,9})[.)]$/.exec(typed)?.[1];
      if (typed && !number && /[\p{L}\p{N}]/u.test(typed) && typed !== "o") {
        mark.replaceWith(`${typed} `); // a letter or a roman number that the text may be cited by
        open = [];
        continue;
      }
      mark?.remove();
      if (last === null || last !== paragraph.previousElementSibling) open = [];
      open.length = Math.min(open.length, level);
      const kind = number ? "ol" : "ul";
      if (open.length === level && open[level - 1].localName !== kind) open.length = level - 1;
      while (open.length < level) {
        const list = paragraph.ownerDocument.createElement(kind);
        if (number) list.setAttribute("start", number);
        const above = open[open.length - 1];
        if (above) (above.lastElementChild || above.appendChild(paragraph.ownerDocument.createElement("li"))).append(list);
        else paragraph.before(list);
        open.push(list);
      }
      const point = paragraph.ownerDocument.createElement("li");
      point.append(...paragraph.childNodes);
      open[level - 1].append(point);
      paragraph.remove();
      last = open[0];
    }
  }

  function readTables(root) {
    for (const table of [...root.querySelectorAll("table")].reverse()) {
      const rows = [...table.rows];
      if (!rows.length || Math.max(...rows.map((row) => row.cells.length)) < 2) {
        table.replaceWith(...rows.flatMap((row) => [...row.cells].map((cell) => rename(cell, "p"))));
        continue;
      }
      const plain = table.ownerDocument.createElement("table");
      rows.forEach((row, n) => {
        const made = (n ? plain.tBodies[0] || plain.createTBody() : plain.createTHead()).insertRow();
        for (const cell of [...row.cells]) {
          const into = table.ownerDocument.createElement(n ? "td" : "th");
          into.append(...cell.childNodes);
          if (/right|end/.test(cell.align || said(cell, "text-align"))) into.setAttribute("align", "right");
          made.append(into);
        }
      });
      table.replaceWith(plain);
    }
  }

  // -- Markdown ------------------------------------------------------------------------------------------------------

  // Only what `publishing/markdown.py` reads as a mark is escaped: a text full of backslashes is hard to edit.
  function escape(text) {
    return text
      .replace(/\\(?=[!-/:-@[-`{-~])/g, "\\\\")
      .replace(/\*/g, "\\*")
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
      .replace(/^(#{1,6} )/, "\\$1")
      .replace(/\]\(/g, "]\\(");
  }

  function converter() {
    const service = new TurndownService({
      headingStyle: "atx", bulletListMarker: "-", emDelimiter: "*", strongDelimiter: "**", br: "",
    });
    service.use(turndownPluginGfm.tables);
    service.escape = escape;
    service.addRule("listItem", {
      filter: "li",
      replacement(content, node) {
        const list = node.parentNode;
        const first = Number(list.getAttribute?.("start") || 1);
        const mark = list.nodeName === "OL" ? `${first + [...list.children].indexOf(node)}. ` : "- ";
        const lines = content.trim().replace(/\n{2,}(?=\s*(-|\d+\.) )/g, "\n").split("\n");
        return lines.map((line, n) => (n && line ? " ".repeat(mark.length) : n ? "" : mark) + line).join("\n")
          + (node.nextSibling ? "\n" : "");
      },
    });
    service.addRule("tableCell", {
      filter: ["th", "td"],
      replacement(content, node) {
        const text = content.trim().replace(/\s*\n\s*/g, " ").replace(/\|/g, "\\|");
        return `${node.previousSibling ? " " : "| "}${text} |`;
      },
    });
    service.addRule("noMarks", { filter: ["blockquote", "pre"], replacement: (content) => `\n\n${content}\n\n` });
    service.addRule("noMarksInline", { filter: ["code"], replacement: (content) => content });
    service.addRule("noRule", { filter: ["hr"], replacement: () => "\n\n" });
    return service;
  }

  function markdownOf(html) {
    // The policy forbids inline styles, also in a text that is only read: they are read under another name.
    const read = html.replace(/(\s)style(?=\s*=)/gi, "$1data-css");
    const root = new DOMParser().parseFromString(read, "text/html").body;
    if (!root.querySelector(STRUCTURE)) return null;
    clean(root);
    readLists(root);
    readStyles(root);
    readTables(root);
    return converter().turndown(root);
  }

  function insert(area, text) {
    area.focus();
    // Old, and the only way to insert that the browser's own "undo" takes back.
    if (document.execCommand("insertText", false, text)) return;
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste", data: text }));
  }

  function paste(event) {
    const html = event.clipboardData?.getData("text/html");
    const text = html && typeof TurndownService !== "undefined" ? markdownOf(html) : null;
    if (!text) return; // plain text is pasted as it is
    event.preventDefault();
    insert(event.target, text);
  }

  // -- preview -------------------------------------------------------------------------------------------------------

  async function preview(button, area, place) {
    try {
      const answer = await fetch(button.dataset.previewUrl, {
        method: "POST", body: new URLSearchParams({ text: area.value }), redirect: "manual",
        headers: { "X-CSRFToken": area.form.elements.csrfmiddlewaretoken.value },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      place.innerHTML = await answer.text(); // made and cleaned by the portal
    } catch {
      place.textContent = button.dataset.previewFailed;
    }
  }

  for (const button of document.querySelectorAll("[data-preview]")) {
    const area = document.getElementById(button.dataset.preview);
    const place = document.getElementById(`${button.dataset.preview}_preview`);
    if (!area || !place) continue;
    button.hidden = false;
    button.addEventListener("click", () => preview(button, area, place));
    area.addEventListener("paste", paste);
  }
  for (const button of document.querySelectorAll("[data-without-scripts]")) button.hidden = true;
})();
