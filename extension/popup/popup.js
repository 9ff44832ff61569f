/* The popup: the tab's state in a sentence, what waits, who is moderating, what was saved last. */

import { offer } from "./manual.js";
import { ask, find, PAIR_AGAIN, say, speak } from "./page.js";

/** @param {any} status */
function showState({ paired, state, sentence }) {
  const text = paired ? sentence : say("unpaired");
  const cut = text.indexOf(".") + 1;
  const drawn = paired ? state : "blind";
  find("#state strong").textContent = text.slice(0, cut);
  find("#state p").textContent = text.slice(cut).trim();
  find("#state use").setAttribute("href", `#i-${drawn === "reload" ? "degraded" : drawn}`);
  find("#state").className = `state ${drawn}`;
}

/** @param {any} status */
function showFacts({ account, waiting, refused }) {
  find("#facts").removeAttribute("hidden");
  find("#account").toggleAttribute("hidden", !account);
  find("#account dd").textContent = account ?? "";
  const many = waiting === 1 ? say("waiting_one") : say("waiting_many", waiting);
  const line = waiting ? many : say("to_send_none");
  find("#waiting dd").textContent = refused ? `${line}. ${say("refused", refused)}` : line;
  find("#waiting").className = waiting || refused ? "late" : "";
}

/** The helper counts no further than a thousand. @param {number} many */
const counted = (many) => (many > 1000 ? "1 000+" : many);

/** Reminds of what lacks a reason, wherever the moderator is. @param {any} status */
function showReasons({ without_reason: { number, late }, desk }) {
  find("#reasons").toggleAttribute("hidden", !number || !desk);
  find("#reasons").className = late ? "late" : "";
  const many = number === 1 ? say("reasons_one") : say("reasons_many", counted(number));
  const link = /** @type {HTMLAnchorElement} */ (find("#reasons a"));
  link.textContent = late ? `${many}, ${say("reasons_late", counted(late))}` : many;
  link.href = `${desk}kommentarer?flik=saknar-skal`;
}

/** @param {any} status */
function showModerators({ moderators, moderator }) {
  const select = /** @type {HTMLSelectElement} */ (find("#moderator"));
  find("#who").toggleAttribute("hidden", moderators.length === 0);
  select.replaceChildren(new Option(say("choose_name"), ""), ...moderators.map((/** @type {string} */ name) => new Option(name, name, false, name === moderator)));
  select.addEventListener("change", () => ask({ type: "moderator.set", name: select.value || null }));
}

/** @param {any} one */
function recentLine(one) {
  const item = document.createElement("li");
  const mark = /** @type {Element} */ (document.querySelector("header svg")).cloneNode(true);
  /** @type {Element} */ (mark).firstElementChild?.setAttribute("href", "#i-check");
  const time = document.createElement("time");
  time.dateTime = one.at;
  time.textContent = new Date(one.at).toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
  item.append(mark, say(`kind_${one.kind}`), time);
  return item;
}

/** @param {any} status */
function showRecent({ recent }) {
  find("#recent").toggleAttribute("hidden", recent.length === 0);
  find("#recent ul").replaceChildren(...recent.map(recentLine));
}

/** @param {any} status */
function showRefused({ refused_packs: [first] }) {
  find("#refused-pack").toggleAttribute("hidden", !first);
  if (first) find("#refused-pack dd").textContent = `${say("pack_refused", `${first.id} ${first.version}`)} ${say(`pack_${first.why}`)}`;
}

/** Asks the helper itself, and says why it cannot be used. */
async function showTrouble() {
  const answer = await ask({ type: "helper.check" });
  find("#trouble").toggleAttribute("hidden", answer.ok);
  if (PAIR_AGAIN.has(answer.code)) {
    find("#pair").removeAttribute("hidden");
    find("#desk").setAttribute("hidden", "");
  }
  if (!answer.ok) find("#trouble dd").textContent = answer.said ?? say(`cause_${answer.code}`);
}

/** @param {any} status */
function showDoings(status) {
  const reload = find("#reload");
  reload.toggleAttribute("hidden", !status.paired || status.state !== "reload");
  reload.addEventListener("click", async () => { await ask({ type: "tab.reload", tab_id: status.tab_id }); window.close(); });
  find("#pair").toggleAttribute("hidden", status.paired);
  const desk = /** @type {HTMLAnchorElement} */ (find("#desk"));
  desk.toggleAttribute("hidden", !status.desk);
  if (status.desk) desk.href = status.desk;
  if (status.paired && status.tab_id) offer(status.tab_id);
  find("#document").toggleAttribute("hidden", !status.desk || !status.account_page);
  /** @type {HTMLAnchorElement} */ (find("#document a")).href = `${status.desk}${status.account_page}`;
  find("#record").toggleAttribute("hidden", !status.tab_id);
  /** @type {HTMLAnchorElement} */ (find("#record a")).href = `../record/record.html?tab=${status.tab_id}`;
  if (status.state === "resting") find("#more").append(find("#manual"), find("#manual-form"), find("#manual-answer"));
}

speak();
const status = await ask({ type: "status.get" });
showState(status);
showDoings(status);
if (status.paired && status.state !== "resting") {
  showFacts(status);
  showReasons(status);
  showRefused(status);
  showModerators(status);
  showRecent(status);
  await showTrouble();
}
