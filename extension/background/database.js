/* IndexedDB: the device key and the spool. Writes are durable on disk when they are acknowledged. */

const STORES = ["keys", "spool"];
/** @type {Promise<IDBDatabase>|null} */
let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("bevara", 1);
    request.onupgradeneeded = () => STORES.forEach((name) => request.result.createObjectStore(name));
    request.onsuccess = () => {
      request.result.onclose = again;
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  opened.catch(again);
  return opened;
}

/** A database that failed or was closed by the browser is opened anew the next time. */
function again() {
  opened = null;
}

/** Transactions that touch the same store see each other in the order in which they were asked for.
 * @template T @param {string} name @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => {result: T}} job @returns {Promise<T>} */
async function run(name, mode, job) {
  const transaction = (await open()).transaction(name, mode, { durability: "strict" });
  return new Promise((resolve, reject) => {
    const request = job(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("spool_failed"));
  });
}

/** @param {string} name @param {string} key @returns {Promise<any>} */
export const get = (name, key) => run(name, "readonly", (store) => store.get(key));
/** @param {string} name @returns {Promise<any[]>} */
export const all = (name) => run(name, "readonly", (store) => store.getAll());
/** @param {string} name @param {string} key @param {unknown} value */
export const put = (name, key, value) => run(name, "readwrite", (store) => store.put(value, key));
/** Puts a value where none is yet, in one transaction.
 * @param {string} name @param {string} key @param {unknown} value @returns {Promise<any>} what stands there now */
export const add = (name, key, value) => run(name, "readwrite", (store) => {
  const there = { result: value };
  store.add(value, key).onerror = (event) => {
    event.preventDefault();
    event.stopPropagation();
    const request = store.get(key);
    request.onsuccess = () => { there.result = request.result; };
  };
  return there;
});
/** @param {string} name @param {string} key */
export const remove = (name, key) => run(name, "readwrite", (store) => store.delete(key));
