/* Wires the parts together. The gate listens before anything is known; it acts once the pack and the register are. */

bevara.engine = (() => {
  /** @param {Pack[]} packs @returns {Pack|null} */
  function choose(packs) {
    const host = location.hostname;
    const fits = (/** @type {Pack} */ pack) => pack.hosts.some((name) => name === host || name === location.host || host.endsWith(`.${name}`));
    return packs.filter(fits).sort((a, b) => b.version - a.version)[0] ?? null;
  }

  /** @param {any} answer */
  function settle(answer) {
    if (!answer) return;
    bevara.setup = answer;
    const packs = (answer.packs ?? []).map((/** @type {any} */ one) => one.pack ?? one);
    bevara.pack = answer.paired === false ? null : choose(packs);
    if (!bevara.pack && answer.paired !== false) bevara.watchOnly.settle(packs);
    bevara.health.soon();
  }

  async function greet() {
    for (let pause = 250; !bevara.stop.signal.aborted; pause = Math.min(pause * 2, 30000)) {
      try {
        return settle(await bevara.wire.send({ type: "page.hello", url: location.origin + location.pathname }));
      } catch {
        if (bevara.wire.orphaned()) return;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  /** @type {Record<string, (message: any) => Promise<any>>} */
  const answers = {
    "setup.changed": async () => void greet(),
    "watchdog.seen": (message) => (bevara.pack ? bevara.watchdog.seen(message) : bevara.watchOnly.seen()),
    "page.status": async () => bevara.health.status(),
    "page.alive": async () => ({ version: bevara.wire.version() }),
  };

  /** The top frame answers for the page; a frame answers only about a comment of its own. @param {any} message */
  function answer(message) {
    const id = message?.type === "watchdog.seen" ? message.comment_id : null;
    const asked = message?.type !== "setup.changed" && window !== window.top;
    if (asked && !(id && bevara.pack && (bevara.memory.get(id) || bevara.finder.byId(id)))) return undefined;
    return answers[message?.type]?.(message);
  }

  function start() {
    bevara.gate.start();
    bevara.saveButton.start();
    bevara.health.start();
    bevara.wire.listen(answer);
    greet();
  }

  start();
  return { greet };
})();
