/* The service worker's entry: listeners at the top level, everything else in its own file. */

import { closeStorage, onBeat, onLoaded, onMessage, onPolicy } from "./browser.js";
import { drain } from "./deliver.js";
import { beat as heartbeat } from "./heartbeat.js";
import { answer, update } from "./messages.js";
import { readPolicy } from "./settings.js";
import { loaded, tellAll } from "./tabs.js";
import { watch } from "./watchdog.js";

/** Not waited for: nothing may stand still because the browser is slow to tell what IT has decided. */
async function obey() {
  if (!(await readPolicy())) return;
  await update();
  await tellAll();
}

async function beat() {
  obey().catch(() => undefined);
  await update();
  await drain();
  await heartbeat();
}

onMessage(answer);
watch();
onLoaded((tab) => { loaded(tab).catch(() => undefined); });
closeStorage();
onBeat(() => { beat().catch(() => undefined); });
onPolicy(() => { obey().catch(() => undefined); });
beat().catch(() => undefined);
