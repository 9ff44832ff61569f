/* What the panel says when a whole post, or all of one author's comments, would go. */

bevara.wholeViews = (() => {
  const say = bevara.say;

  /** @param {any} held @param {number} done @param {number} all */
  function saving(held, done, all) {
    const text = say(held.comment.post ? "whole_soon_post" : "soon_other");
    return { kind: "saving", tone: "plain", title: say("whole_saving", done, all), text, busy: true };
  }

  /** @param {number} shown @param {number|null} total */
  function bringing(shown, total) {
    return { kind: "saving", tone: "plain", title: say("whole_bringing"), text: total === null ? "" : say("whole_progress", shown, total), busy: true };
  }

  /** @param {number} shown @param {number|null} total @param {{more: (() => void)|null, anyway: () => void, cancel: () => void}} on */
  function ask(shown, total, on) {
    const more = on.more ? [{ label: say("whole_more"), run: on.more, look: "primary" }] : [];
    return {
      kind: "whole", tone: "unsure", alert: true, modal: true, escape: on.cancel, text: "",
      title: total === null ? say("whole_title_unknown", shown) : say("whole_title", total, shown),
      buttons: [...more, { label: say("cancel"), run: on.cancel }], links: [{ label: say("whole_anyway"), run: on.anyway, look: "link" }],
    };
  }

  /** @param {{go: (reason: string) => void, back: () => void}} on */
  function anyway(on) {
    const go = () => { const chosen = bevara.panel.chosen(); if (chosen) on.go(chosen); };
    return {
      kind: "whole_reason", tone: "danger", modal: true, escape: on.back, title: say("whole_anyway_title"), text: say("whole_anyway_text"),
      choices: [["cannot_be_shown", say("whole_cannot")], ["danger", say("without_danger")], ["other", say("without_other")]],
      buttons: [{ label: say("whole_anyway_go"), run: go, look: "grave" }, { label: say("cancel"), run: on.back }],
    };
  }

  return { saving, bringing, ask, anyway };
})();
