/* The popup: the tab's state in a sentence, what waits, who is moderating. */

const api = globalThis.browser ?? globalThis.chrome;
const KINDS = { delete: "Borttagen", hide: "Dold", block: "Blockerad", spam: "Skräppost", unapprove: "Ej godkänd", other: "Åtgärdad", none: "Sparad" };

/** @template {Element} T @param {string} selector @returns {T} */
const find = (selector) => /** @type {any} */ (document.querySelector(selector));

/** @param {any} status */
function showState(status) {
  const text = status.paired ? status.sentence : "Inte kopplad. Koppla webbläsaren under Inställningar.";
  const cut = text.indexOf(".") + 1;
  const word = document.createElement("strong");
  word.textContent = text.slice(0, cut);
  find("#state").replaceChildren(word, text.slice(cut));
  find("#state").className = `state ${status.paired ? status.state : "degraded"}`;
  find("#account").textContent = status.account ?? "";
}

/** @param {any} status */
function showWaiting({ waiting, refused }) {
  const line = find("#waiting");
  line.toggleAttribute("hidden", waiting === 0 && refused === 0);
  const many = waiting === 1 ? "1 kommentar väntar" : `${waiting} kommentarer väntar`;
  line.textContent = refused ? `${many} på Bevara. ${refused} kunde inte tas emot: ring IT.` : `${many} på Bevara.`;
}

/** @param {any} status */
function showModerators({ moderators, moderator }) {
  const select = /** @type {HTMLSelectElement} */ (find("#moderator"));
  find("#who").toggleAttribute("hidden", moderators.length === 0);
  select.replaceChildren(new Option("Välj namn", ""), ...moderators.map((/** @type {string} */ name) => new Option(name, name, false, name === moderator)));
  select.addEventListener("change", () => api.runtime.sendMessage({ type: "moderator.set", name: select.value || null }));
}

/** @param {any} status */
function showRecent({ recent }) {
  find("#recent").toggleAttribute("hidden", recent.length === 0);
  find("#recent ul").replaceChildren(...recent.map((/** @type {any} */ one) => {
    const item = document.createElement("li");
    const time = new Date(one.at).toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit" });
    item.textContent = `${/** @type {Record<string, string>} */ (KINDS)[one.kind]} kl. ${time.replace(":", ".")}`;
    return item;
  }));
}

const status = await api.runtime.sendMessage({ type: "status.get" });
showState(status);
if (status.state !== "resting" || !status.paired) {
  showWaiting(status);
  showModerators(status);
  showRecent(status);
}
const desk = /** @type {HTMLAnchorElement} */ (find("#desk"));
if (status.desk) desk.href = status.desk;
else desk.remove();
export {};
