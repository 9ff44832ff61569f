/* Wires the parts together. The gate listens before anything is known; it acts once the pack and the register are. */

bevara.engine = (() => {
  const PATIENCE = 8000;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let waiting;
  /** A press came before the worker had answered. */
  let pressed = false;

  /** @param {Pack[]} packs @returns {Pack|null} */
  function choose(packs) {
    const host = location.hostname;
    const fits = (/** @type {Pack} */ pack) => pack.hosts.some((name) => name === host || name === location.host || host.endsWith(`.${name}`));
    return packs.filter(fits).sort((a, b) => b.version - a.version)[0] ?? null;
  }

  /** @param {any} answer */
  function settle(answer) {
    bevara.setup = answer;
    const packs = answer.packs.map((/** @type {any} */ one) => one.pack ?? one);
    bevara.pack = answer.paired === false ? null : choose(packs);
    if (!bevara.pack && answer.paired !== false) bevara.watchOnly.settle(packs);
    for (const { platform, comment_id } of answer.shut ?? []) if (platform === bevara.pack?.id) bevara.memory.shutOut(comment_id);
    if (!bevara.answered && pressed) bevara.panel.show(bevara.views.started());
    clearTimeout(waiting);
    bevara.answered = true;
    bevara.health.again();
  }

  async function greet() {
    for (let pause = 250; !bevara.stop.signal.aborted; pause = Math.min(pause * 2, 30000)) {
      const answer = await bevara.wire.send({ type: "page.hello", url: location.origin + location.pathname }).catch(() => null);
      if (Array.isArray(answer?.packs)) return settle(answer);
      if (bevara.wire.orphaned()) return;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** A press came before the worker had answered: it was stopped, and the moderator is told. */
  function pressedEarly() {
    if (bevara.wire.orphaned()) return bevara.choices.reload("silent");
    if (bevara.panel.kind() !== "starting") bevara.panel.show(bevara.views.starting());
    pressed = true;
    waiting ??= setTimeout(() => { waiting = undefined; bevara.choices.reload("silent"); }, PATIENCE);
  }

  /** The page is shown again from the back-forward cache, or for the first time after it was prepared in advance. */
  function shown() {
    if (bevara.wire.orphaned()) return;
    bevara.health.again();
    greet();
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
    addEventListener("pageshow", (event) => event.persisted && shown(), { signal: bevara.stop.signal });
    document.addEventListener("prerenderingchange", shown, { signal: bevara.stop.signal });
    greet();
  }

  return { start, greet, pressedEarly };
})();

bevara.engine.start();
