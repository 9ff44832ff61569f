/* The options page: pairing, the list of moderators, the port. */

const api = globalThis.browser ?? globalThis.chrome;
const FAULTS = {
  bad_code: "Koden ska ha tolv tecken. Skriv den som den står på startsidan.",
  code_not_this_helper: "Koden hör inte till det program som svarar på den här datorn. Skriv den igen. Händer det på nytt: kontakta IT.",
  bad_pairing: "Koden stämmer inte. Kontrollera den på Bevaras startsida och skriv den igen.",
  pairing_closed: "Koden har gått ut. Visa en ny kod på Bevaras startsida.",
  helper_down: "Bevara svarar inte. Starta Bevara på den här datorn och försök igen.",
  impostor: "Ett annat program svarar på Bevaras plats. Inget är skickat. Kontakta IT.",
  unsupported_contract: "Tillägget och Bevara passar inte ihop. Uppdatera det äldre av dem.",
};

/** @template {Element} T @param {string} selector @returns {T} */
const find = (selector) => /** @type {any} */ (document.querySelector(selector));
/** @param {any} message @returns {Promise<any>} */
const ask = (message) => api.runtime.sendMessage(message);

async function show() {
  const status = await ask({ type: "status.get" });
  find("#paired").toggleAttribute("hidden", !status.paired);
  /** @type {HTMLTextAreaElement} */ (find("#names")).value = status.moderators.join("\n");
  /** @type {HTMLInputElement} */ (find("#port")).value = String(status.port);
}

/** @param {string} form @param {(data: FormData) => Promise<string>} job @param {string} answer */
function onSubmit(form, job, answer) {
  find(form).addEventListener("submit", async (event) => {
    event.preventDefault();
    find(answer).textContent = "Ett ögonblick …";
    find(answer).textContent = await job(new FormData(/** @type {HTMLFormElement} */ (event.target)));
  });
}

onSubmit("#pair", async (data) => {
  const result = await ask({ type: "pair.start", code: String(data.get("code")), label: String(data.get("label")) || "Webbläsare" });
  if (!result.ok) return /** @type {Record<string, string>} */ (FAULTS)[result.code] ?? "Det gick inte. Försök igen.";
  /** @type {HTMLFormElement} */ (find("#pair")).reset();
  await show();
  return "Kopplad. Gå tillbaka till startsidan.";
}, "#pair-answer");

onSubmit("#moderators", async (data) => {
  const names = String(data.get("names")).split("\n").map((name) => name.trim()).filter(Boolean);
  await ask({ type: "moderators.set", names: [...new Set(names)] });
  return "Sparat.";
}, "#names-answer");

onSubmit("#advanced", async (data) => {
  const port = Number(data.get("port"));
  if (!Number.isInteger(port) || port < 1024 || port > 65535) return "Ange ett tal mellan 1024 och 65535.";
  await ask({ type: "port.set", port });
  return "Sparat.";
}, "#port-answer");

show();
export {};
