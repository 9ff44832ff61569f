/* The hidden page in which a new pack is tried: answers the worker in Chromium, is called by it in Firefox. */

/** @type {(message: any) => Promise<any>|undefined} */
const run = (message) => (message?.type === "trial.run" ? Promise.resolve(bevara.reading.run(message.pack, message.pages)) : undefined);
bevara.wire.listen(run);
