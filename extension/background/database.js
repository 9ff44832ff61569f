/* IndexedDB: the device key and the spool. Writes are durable on disk when they are acknowledged. */

const STORES = ["keys", "spool"];
/** @type {Promise<IDBDatabase>|null} */
let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("bevara", 1);
    request.onupgradeneeded = () => STORES.forEach((name) => request.result.createObjectStore(name));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/** @template T @param {string} name @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} job @returns {Promise<T>} */
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
/** @param {string} name @param {string} key */
export const remove = (name, key) => run(name, "readwrite", (store) => store.delete(key));
