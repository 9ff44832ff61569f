/* The panel's texts and buttons, as data. */

bevara.views = (() => {
  const say = bevara.say;
  const reasons = ["defamation", "hate_speech", "violence_pornography", "incitement", "copyright", "profanity", "commercial", "secrecy"];

  /** @param {string} label @param {() => void} run @param {string} [look] @param {boolean} [pressed] */
  function button(label, run, look = "", pressed) {
    return { label, run, look, pressed };
  }

  /** @param {any} held @returns {"hide"|"delete"|"none"|"other"} */
  function verb(held) {
    return held.kind === "hide" || held.kind === "delete" || held.kind === "none" ? held.kind : "other";
  }

  /** @param {any} held */
  function without(held) {
    return held.kind === "hide" ? "hide" : "delete";
  }

  /** @param {any} held */
  function saving(held) {
    return { kind: "saving", tone: "plain", title: say("saving_title"), text: verb(held) === "none" ? "" : say(`soon_${verb(held)}`), busy: true };
  }

  /** @param {any} pending @param {any} on */
  function prepared(pending, on) {
    return {
      kind: "prepared", tone: "plain", title: say("prepared_title"), text: say(pending.comment.post ? "whole_prepared" : "prepared_text"), escape: on.close,
      links: [button(say("secrecy"), on.secrecy, "", Boolean(pending.secrecy)), ...(pending.comment.post ? [] : [button(say("closed_path"), on.closed, "link")])],
    };
  }

  /** @param {any} held @param {string} observed */
  function headline(held, observed) {
    const name = bevara.pack?.name?.[bevara.setup?.language] ?? bevara.pack?.name?.sv ?? say("the_page");
    const many = held.parcels ? say("whole_count", held.parcels.length) : "";
    if (held.early) return { title: say("early_title"), text: say("early_text"), tone: "unsure" };
    if (observed === "still_visible") return { title: say("saved_title"), text: say("still_visible", name), tone: "unsure" };
    if (observed === "removed" || observed === "hidden") return { title: say(held.comment.post ? "whole_done_post" : `done_${verb(held)}`), text: many, tone: "safe" };
    return { title: say("saved_title"), text: many, tone: "safe" };
  }

  /** @param {any} held @param {string} observed @param {any} on */
  function saved(held, observed, on) {
    held.observed = observed;
    const line = headline(held, observed);
    const bare = held.frozen && !held.frozen.capture.picture ? say("no_picture") : "";
    return {
      kind: "saved", held, ...line, text: [line.text, bare].filter(Boolean).join(" "), question: say(`why_${verb(held)}`), escape: on.later, fades: true,
      warning: held.secrecy ? warning() : null,
      reasons: reasons.map((id) => button(say(`reason_${id}`), () => on.reason(id))),
      links: [button(say("secrecy"), on.secrecy, "", held.secrecy),
        ...(on.closed ? [button(say("closed_path"), on.closed, "link")] : []), button(say("later"), on.later, "link")],
    };
  }

  function warning() {
    return { title: say("secrecy_title"), text: say("secrecy_text") };
  }

  /** @param {any} held */
  function thanks(held) {
    const secret = held.category === "secrecy" || held.secrecy;
    return {
      kind: "thanks", held, tone: "safe", title: say("thanks_title", say(`reason_${held.category}`)), fades: true, quick: true, escape: () => bevara.panel.close(),
      text: "", warning: secret ? warning() : null,
    };
  }

  const causes = new Set(["helper_down", "not_paired", "impostor", "disk_full", "timeout", "revoked_device", "unknown_device",
    "store_failed", "read_only", "quota", "busy", "pairing_closed", "too_large", "comment_gone", "unsupported_contract",
    "spool_failed", "stale_signature", "ledger_changed", "erased", "shut", "changing", "invalid"]);

  /** @param {any} held @param {{code: string, said?: string|null}} answer `said` is the worker's own sentence @param {any} on */
  function failed(held, answer, on) {
    const cause = `${say("failed_text")} ${answer.said ?? (causes.has(answer.code) ? say(`cause_${answer.code}`) : "")}`.trim();
    const hide = on.hide ? [button(say("hide_meanwhile"), on.hide)] : [];
    return {
      kind: "failed", tone: "danger", title: say(held.kind === "none" ? "failed_title_save" : "failed_title"), text: cause, alert: true, modal: true, escape: on.cancel,
      buttons: [button(say("retry"), on.retry, "primary"), ...hide, button(say("cancel"), on.cancel)],
      links: [...(on.override ? [button(say(`without_${without(held)}`), on.override, "link")] : []), ...(on.closed ? [button(say("closed_path"), on.closed, "link")] : [])],
    };
  }

  function hideFirst() {
    return { kind: "hint", tone: "plain", title: say("failed_title"), fades: true, escape: () => bevara.panel.close(),
      text: say("hide_first") };
  }

  /** @param {any} held @param {any} on */
  function override(held, on) {
    return {
      kind: "override", tone: "danger", title: say(`without_${without(held)}_title`), modal: true, escape: on.back,
      text: say("without_text"),
      choices: ["danger", "not_working", "other"].map((value) => [value, say(`without_${value}`)]),
      buttons: [button(say(`without_${without(held)}`), () => { const chosen = bevara.panel.chosen(); if (chosen) on.go(chosen); }, "grave"),
        button(say("cancel"), on.back)],
    };
  }

  function noting() {
    return { kind: "noting", tone: "plain", title: say("noting_title"), text: "", busy: true };
  }

  /** @param {{retry: () => void, go: (() => void)|null, back: () => void}} on @param {string} [text] */
  function unnoted(on, text = say("unnoted_text")) {
    const go = on.go ? [button(say("unnoted_go"), on.go, "grave")] : [];
    return {
      kind: "unnoted", tone: "danger", title: say("unnoted_title"), text, alert: true, modal: true, escape: on.back,
      buttons: [button(say("retry"), on.retry, "primary"), ...go, button(say("cancel"), on.back)],
    };
  }

  /** @param {any} on */
  function closed(on) {
    return {
      kind: "closed", tone: "danger", title: say("closed_title"), modal: true, escape: on.back,
      text: say(on.late ? "closed_late_text" : "closed_text"),
      buttons: [button(say(on.late ? "closed_late_go" : "closed_go"), on.go, "grave"), button(say("cancel"), on.back)],
    };
  }

  /** @param {boolean} acted true when the held press was done again @param {string} [late] what became of a comment that was saved */
  function closedDone(acted, late) {
    return { kind: "hint", tone: "plain", title: say("closed_done"), escape: () => bevara.panel.close(),
      text: say(late ?? (acted ? "closed_police" : "closed_now")),
      buttons: [button(say("close"), () => bevara.panel.close())] };
  }

  /** @param {Owner|null} owner @param {any} on */
  function whose(owner, on) {
    return {
      kind: "whose", tone: "unsure", title: say("whose_title"), text: owner?.name ?? say("whose_unseen"),
      alert: true, modal: true, escape: on.cancel,
      buttons: [button(say("yes"), on.ours, "primary"), button(say("no"), on.not_ours), button(say("later"), on.later, "link"), button(say("cancel"), on.cancel, "link")],
    };
  }

  function starting() {
    return { kind: "starting", tone: "plain", title: say("starting_title"), text: say("starting_text"), busy: true };
  }

  function started() {
    return { kind: "hint", tone: "plain", title: say("started_title"), text: say("started_text"), fades: true, quick: true, escape: () => bevara.panel.close() };
  }

  const reloads = { replaced: ["failed_title", "reload_text"], silent: ["silent_title", "silent_text"], stopped: ["stopped_title", "stopped_text"] };

  /** @param {"replaced"|"silent"|"stopped"} why @param {any} on */
  function reload(why, on) {
    const [title, text] = reloads[why].map((name) => say(name));
    return { kind: "reload", tone: "unsure", title, text,
      alert: true, modal: true, escape: on.cancel, buttons: [button(say("reload_button"), on.reload, "primary"), button(say("cancel"), on.cancel)] };
  }

  /** @param {any} held @param {boolean} changed */
  function oncemore(held, changed) {
    const text = say(changed ? "once_more_changed" : "once_more_redrawn");
    const word = held.action.label ? say("once_more_label", held.action.label) : say("once_more_again");
    return { kind: "oncemore", tone: "unsure", title: say("once_more_title"), text: `${text} ${word}`, alert: true, escape: () => bevara.panel.close(), fades: true };
  }

  /** @param {any} held @param {(note: string) => void} keep */
  function afterOverride(held, keep) {
    return { kind: "after_override", held, tone: "unsure", title: say(`after_${without(held)}_title`), text: say("after_text"), note: true,
      escape: () => bevara.panel.close(), buttons: [button(say("note"), () => keep(bevara.panel.note()), "primary"), button(say("skip"), () => bevara.panel.close())] };
  }

  /** @param {any} on */
  function choices(on) {
    return { kind: "choices", tone: "plain", title: say("save_title"), text: "", escape: on.close, buttons: [button(say("save"), on.save, "primary"), button(say("cancel"), on.close)],
      links: [button(say("secrecy"), on.secrecy, "", on.secret), button(say("closed_path"), on.closed, "link")] };
  }

  return { saving, prepared, saved, thanks, failed, hideFirst, override, noting, unnoted, closed, closedDone, whose, starting, started, reload, oncemore, afterOverride, choices };
})();
