/* The service worker's entry: listeners at the top level, everything else in its own file. */

import { closeStorage, onBeat, onMessage } from "./browser.js";
import { drain } from "./deliver.js";
import { answer, update } from "./messages.js";
import { watch } from "./watchdog.js";

async function beat() {
  await update();
  await drain();
}

onMessage(answer);
watch();
closeStorage();
onBeat(() => { beat().catch(() => undefined); });
beat().catch(() => undefined);
