// Nothing typed is lost: drafts kept while one types, a question before unsaved changes are left. Pages work without.
"use strict";

(() => {
  const WAIT = 2500; // milliseconds after the last key
  const AGAIN = 15000; // milliseconds until a draft that did not arrive is sent once more
  const MOST_AT_THE_END = 60000; // bytes that a browser still sends for a page that is being left
  const OUTBOX = "drafts-not-arrived:"; // in this tab only: what the portal has not taken yet, until it has

  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const outbox = {
    put(page, url, body) {
      try { sessionStorage.setItem(OUTBOX + page, JSON.stringify({ url, body })); } catch { /* full or forbidden */ }
    },
    drop(page) {
      try { sessionStorage.removeItem(OUTBOX + page); } catch { /* forbidden */ }
    },
    all() {
      try {
        return Object.keys(sessionStorage).filter((key) => key.startsWith(OUTBOX))
          .map((key) => [key.slice(OUTBOX.length), JSON.parse(sessionStorage.getItem(key))]);
      } catch { return []; }
    },
  };

  function typedInto(form) {
    const typed = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const secret = form.elements[name]?.type === "password";
      if (typeof value === "string" && name !== "csrfmiddlewaretoken" && !secret) typed.append(name, value);
    }
    return typed.toString();
  }

  function send(url, body, options = {}) {
    return fetch(url, {
      method: "POST", body: new URLSearchParams(body), redirect: "manual",
      headers: { "X-CSRFToken": token(), Accept: "application/json" }, ...options,
    });
  }

  class Watched {
    constructor(form) {
      this.form = form;
      this.note = form.querySelector("[data-drafts]");
      this.opened = typedInto(form);
      this.kept = this.note?.dataset.typed ? "" : this.opened;
      this.isTyped = Boolean(this.note?.dataset.typed);
      this.isLeaving = false;
      form.addEventListener("input", () => this.later(WAIT));
      form.addEventListener("change", () => this.later(WAIT));
      form.addEventListener("submit", () => this.leave());
      if (!this.note) return;
      this.state = document.createElement("p");
      this.state.className = "draft-state";
      this.state.setAttribute("role", "status");
      const buttons = [...form.querySelectorAll(".actions")].pop();
      if (buttons) buttons.before(this.state);
      else form.append(this.state);
      if (this.isTyped) this.later(WAIT);
    }

    get isChanged() {
      return this.isTyped || typedInto(this.form) !== this.opened;
    }

    later(wait) {
      clearTimeout(this.timer);
      if (this.note && !this.isLeaving) this.timer = setTimeout(() => this.keep(), wait);
    }

    leave() {
      this.isLeaving = true;
      clearTimeout(this.timer);
      this.underWay?.abort();
    }

    comeBack() {
      this.isLeaving = false;
    }

    async keep(isEnd = false) {
      const body = typedInto(this.form);
      if (!this.note || this.isLeaving || body === this.kept) return;
      const { drafts: url, page } = this.note.dataset;
      outbox.put(page, url, body);
      this.underWay?.abort();
      this.underWay = new AbortController();
      try {
        const keepalive = isEnd && body.length < MOST_AT_THE_END;
        const answer = await send(url, body, { keepalive, signal: this.underWay.signal });
        await this.tell(answer, body);
      } catch (error) {
        if (error.name === "AbortError") return;
        this.say(this.note.dataset.saidFailed, true);
        this.later(AGAIN);
      }
    }

    async tell(answer, body) {
      const said = this.note.dataset;
      if (answer.ok) {
        this.kept = body;
        outbox.drop(said.page);
        const kept = await answer.json();
        const words = kept.is_signed_out ? said.saidSignedOut : said.saidSaved;
        this.say(words.replace("{time}", kept.time), kept.is_signed_out);
      } else if (answer.status === 422) {
        this.say((await answer.json()).why, true);
      } else if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) {
        this.say(said.saidExpired, true);
      } else {
        this.say(said.saidFailed, true);
        this.later(AGAIN);
      }
    }

    say(words, isBad = false) {
      this.state.classList.toggle("draft-state-bad", isBad);
      if (this.state.textContent !== words) this.state.textContent = words;
    }
  }

  const forms = [...document.querySelectorAll("form[method=post]")]
    .filter((form) => form.matches("[data-unsaved]") || form.querySelector("[data-drafts]"))
    .map((form) => new Watched(form));

  // Who writes into the text made of both, or to be written from both, means to take it.
  for (const choice of document.querySelectorAll("[type=radio][name^=take-][value=merged]")) {
    choice.form.elements[choice.name.slice("take-".length)]?.addEventListener("input", () => { choice.checked = true; });
  }

  window.addEventListener("beforeunload", (event) => {
    if (forms.some((form) => !form.isLeaving && form.isChanged) && !forms.some((form) => form.isLeaving)) {
      event.preventDefault();
    }
  });
  for (const [target, kind] of [[document, "visibilitychange"], [window, "pagehide"]]) {
    target.addEventListener(kind, () => {
      if (document.visibilityState === "hidden" || kind === "pagehide") for (const form of forms) form.keep(true);
    });
  }
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of forms) form.comeBack();
  });

  // What did not arrive from an earlier page of this tab (the session had expired, say) is sent now.
  async function deliver() {
    const waiting = outbox.all().filter(([page]) => !forms.some((form) => form.note?.dataset.page === page));
    for (const [page, { url, body }] of waiting) {
      const answer = await send(url, body);
      if (answer.type === "opaqueredirect") return;
      if (answer.ok || answer.status === 422) outbox.drop(page);
      if (answer.ok) offer(await answer.json());
    }
  }

  function offer(draft) {
    const form = forms.find((one) => one.note);
    if (!form || draft.address !== location.pathname || document.querySelector(".kept-drafts")) return;
    const said = form.note.dataset;
    const notice = document.createElement("p");
    notice.className = "notice";
    notice.setAttribute("role", "status");
    const link = document.createElement("a");
    link.href = draft.url;
    link.textContent = said.saidContinue;
    notice.append(said.saidKept.replace("{time}", draft.time), " ", link);
    form.form.before(notice);
  }
  if (outbox.all().length) deliver().catch(() => { /* sent again from the next page */ });
})();
