/* The panel's texts and buttons, as data. */

bevara.views = (() => {
  /** @type {[string, string][]} */
  const reasons = [
    ["defamation", "Påhopp"], ["hate_speech", "Hat och trakasserier"], ["violence_pornography", "Våld eller pornografi"],
    ["incitement", "Uppmaning till brott"], ["copyright", "Upphovsrätt"], ["profanity", "Svordomar"],
    ["commercial", "Reklam"], ["secrecy", "Sekretess"],
  ];
  const CLOSED = "Misstänkt övergrepp mot barn";

  /** @param {string} label @param {() => void} run @param {string} [look] @param {boolean} [pressed] */
  function button(label, run, look = "", pressed) {
    return { label, run, look, pressed };
  }

  /** @param {any} held */
  function verb(held) {
    if (held.kind === "hide") return { soon: "Den döljs strax.", done: "dold", why: "Varför doldes den?" };
    if (held.kind === "delete") return { soon: "Den tas bort strax.", done: "borttagen", why: "Varför togs den bort?" };
    if (held.kind === "none") return { soon: "", done: "", why: "Varför sparades den?" };
    return { soon: "Åtgärden görs strax.", done: "åtgärdad", why: "Varför gjordes det?" };
  }

  /** @param {any} held */
  function saving(held) {
    return { kind: "saving", tone: "plain", title: "Sparar kommentaren …", text: verb(held).soon, busy: true };
  }

  /** @param {any} pending @param {any} on */
  function prepared(pending, on) {
    return {
      kind: "prepared", tone: "plain", title: "Sparas först.", text: "Kommentaren sparas när du bekräftar.", escape: on.close,
      links: [button("Kan innehålla sekretess", on.secrecy, "", Boolean(pending.secrecy)), button(CLOSED, on.closed, "link")],
    };
  }

  /** @param {any} held @param {string} observed */
  function headline(held, observed) {
    const name = bevara.pack?.name?.sv ?? "Sidan";
    if (held.early) return { title: "Dold, ännu inte sparad.", text: "Bevara sparar den så snart det går.", tone: "unsure" };
    if (observed === "still_visible") return { title: "Sparad.", text: `${name} visar fortfarande kommentaren.`, tone: "unsure" };
    if (observed === "removed" || observed === "hidden") return { title: `Sparad och ${verb(held).done}.`, text: "", tone: "safe" };
    return { title: "Sparad.", text: "", tone: "safe" };
  }

  /** @param {any} held @param {string} observed @param {any} on */
  function saved(held, observed, on) {
    held.observed = observed;
    return {
      kind: "saved", held, ...headline(held, observed), question: verb(held).why, escape: on.later, fades: true,
      reasons: reasons.map(([id, label]) => button(label, () => on.reason(id))),
      links: [button("Kan innehålla sekretess", on.secrecy, "", held.secrecy), button("Senare", on.later, "link")],
    };
  }

  /** @param {any} held */
  function thanks(held) {
    const label = reasons.find(([id]) => id === held.category)?.[1] ?? "";
    const secret = held.category === "secrecy" || held.secrecy;
    return {
      kind: "thanks", held, tone: "safe", title: `Skäl: ${label}.`, fades: true, quick: true, escape: () => bevara.panel.close(),
      text: secret ? "Kan innehålla sekretess. Att dölja räcker inte, ta bort kommentaren. Nu ser bara registrator innehållet." : "",
    };
  }

  /** @type {Record<string, string>} */
  const causes = {
    helper_down: "Starta Bevara på datorn och försök igen.", not_paired: "Webbläsaren är inte kopplad till Bevara.",
    impostor: "Ett annat program svarar i Bevaras ställe. Säg till IT.", disk_full: "Disken är full.", timeout: "Bevara svarade inte i tid.",
    revoked_device: "Den här webbläsaren får inte längre spara. Koppla den igen.", unknown_device: "Den här webbläsaren är inte kopplad. Koppla den igen.",
    store_failed: "Lagringen på datorn svarar fel. Säg till IT.", read_only: "Lagringen går inte att skriva till. Säg till IT.",
    quota: "Lagringen är full. Säg till IT.", busy: "Bevara är upptaget just nu.",
    pairing_closed: "Webbläsaren är inte kopplad till Bevara.", too_large: "Kommentaren är för stor att spara.",
    comment_gone: "Kommentaren finns inte kvar på sidan.",
    unsupported_contract: "Tillägget och Bevara passar inte ihop. Uppdatera det äldre av dem, eller säg till IT.",
    spool_failed: "Webbläsaren kunde inte spara. Starta om den och försök igen.", stale_signature: "Klockan på datorn går fel. Säg till IT.",
  };

  /** @param {any} held @param {{code: string}} answer @param {any} on */
  function failed(held, answer, on) {
    const cause = `Bevara kunde inte spara den. ${causes[answer.code] ?? ""}`.trim();
    const hide = on.hide ? [button("Dölj så länge", on.hide)] : [];
    return {
      kind: "failed", tone: "danger", title: held.kind === "none" ? "Kommentaren är inte sparad." : "Kommentaren är kvar.", text: cause, alert: true, modal: true, escape: on.cancel,
      buttons: [button("Försök igen", on.retry, "primary"), ...hide, button("Avbryt", on.cancel)],
      links: [...(on.override ? [button(without(held), on.override, "link")] : []), button(CLOSED, on.closed, "link")],
    };
  }

  function hideFirst() {
    return { kind: "hint", tone: "plain", title: "Kommentaren är kvar.", fades: true, escape: () => bevara.panel.close(),
      text: "Öppna kommentarens meny och välj att dölja den så länge." };
  }

  /** @param {any} held */
  function without(held) {
    return held.kind === "hide" ? "Dölj utan att spara" : "Ta bort utan att spara";
  }

  /** @param {any} held @param {any} on */
  function override(held, on) {
    return {
      kind: "override", tone: "danger", title: `${without(held)}?`, modal: true, escape: on.back,
      text: "Det som står i kommentaren går förlorat. Ditt namn och skälet antecknas.",
      choices: [["danger", "Akut fara"], ["not_working", "Bevara fungerar inte"], ["other", "Annat"]],
      buttons: [button(without(held), () => { const chosen = bevara.panel.chosen(); if (chosen) on.go(chosen); }, "grave"),
        button("Avbryt", on.back)],
    };
  }

  /** @param {any} on */
  function closed(on) {
    return {
      kind: "closed", tone: "danger", title: `${CLOSED}.`, modal: true, escape: on.back,
      text: "Ta ingen bild. Bevara sparar varken text eller bild, bara tid, konto, länk, avsändarens adress och ditt namn. Ring polisen: 114 14, vid akut fara 112.",
      buttons: [button("Ta bort och anteckna", on.go, "grave"), button("Avbryt", on.back)],
    };
  }

  /** @param {boolean} acted true when the held press was done again */
  function closedDone(acted) {
    return { kind: "hint", tone: "plain", title: "Antecknat.", escape: () => bevara.panel.close(),
      text: acted ? "Ring polisen: 114 14, vid akut fara 112." : "Ta nu bort kommentaren som vanligt. Ring polisen: 114 14, vid akut fara 112.",
      buttons: [button("Stäng", () => bevara.panel.close())] };
  }

  /** @param {Owner|null} owner @param {any} on */
  function whose(owner, on) {
    return {
      kind: "whose", tone: "unsure", title: "Är detta ett av kommunens konton?", text: owner?.name ?? "Bevara ser inte vems sida det är.",
      alert: true, modal: true, escape: on.cancel,
      buttons: [button("Ja", on.ours, "primary"), button("Nej", on.not_ours), button("Senare", on.later, "link"), button("Avbryt", on.cancel, "link")],
    };
  }

  /** @param {any} on */
  function reload(on) {
    return { kind: "reload", tone: "unsure", title: "Kommentaren är kvar.", text: "Bevara har uppdaterats. Ladda om sidan och försök igen.",
      alert: true, modal: true, escape: on.cancel, buttons: [button("Ladda om sidan", on.reload, "primary"), button("Avbryt", on.cancel)] };
  }

  /** @param {any} held @param {boolean} changed */
  function oncemore(held, changed) {
    const text = changed ? "Kommentaren ändrades medan den sparades." : "Kommentaren är sparad, men sidan ritades om medan klicket väntade.";
    const word = held.action.label ? `Välj ${held.action.label} igen.` : "Gör om det du gjorde.";
    return { kind: "oncemore", tone: "unsure", title: "Tryck en gång till.", text: `${text} ${word}`, alert: true, escape: () => bevara.panel.close(), fades: true };
  }

  /** @param {any} held @param {(note: string) => void} keep */
  function afterOverride(held, keep) {
    return { kind: "after_override", held, tone: "unsure", title: held.kind === "hide" ? "Dold utan att sparas." : "Borttagen utan att sparas.", text: "Vad stod det? Skriv det du minns.", note: true,
      escape: () => bevara.panel.close(), buttons: [button("Anteckna", () => keep(bevara.panel.note()), "primary"), button("Hoppa över", () => bevara.panel.close())] };
  }

  /** @param {any} on */
  function choices(on) {
    return { kind: "choices", tone: "plain", title: "Spara kommentaren", text: "", escape: on.close, buttons: [button("Spara", on.save, "primary"), button("Avbryt", on.close)],
      links: [button("Kan innehålla sekretess", on.secrecy, "", on.secret), button(CLOSED, on.closed, "link")] };
  }

  return { saving, prepared, saved, thanks, failed, hideFirst, override, closed, closedDone, whose, reload, oncemore, afterOverride, choices };
})();
