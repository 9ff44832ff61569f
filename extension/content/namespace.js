/* exported bevara */
/* The content scripts are classic files in the order of order.json and share this one name. */

/**
 * @typedef {Record<string, string[]>} Labels label texts by language
 * @typedef {{selector?: string, attr?: string, query?: string, path_after?: string, decode?: string,
 *   labels?: Labels, kind?: string, min_size?: number, in?: "comment"|"post"|"document", visible?: boolean,
 *   needs?: string, unique?: boolean}} Source
 * @typedef {{kind: string, reversible: boolean, dialog: boolean, labels?: Labels, removes?: "comment"|"author"|"post"}} Action
 * @typedef {{selector: string, labels?: Labels, kind: string, reversible?: boolean, dialog?: boolean}} Inline
 * @typedef {{key: string, shift?: boolean, ctrl?: boolean, alt?: boolean, kind: string, reversible?: boolean,
 *   dialog?: boolean}} KeyRule
 * @typedef {{id: string, version: number, hosts: string[], watch_only?: {host: string, banner: Record<string, string>}[], name: Record<string, string>,
 *   comment: {strategy: string, link: string, container: string, not?: string,
 *     ids: {comment: Source[], parent?: Source[], post?: Source[]}},
 *   post: {container: string[], ignored_in_names?: string, owner: Source[], text: Source[], permalink?: Source[], id?: Source[], count?: Source[], more?: Source[]},
 *   parts: Record<string, Source[]>,
 *   menu: {button: Source[], menu: string[], item: string[], harmless: Labels, restore?: Labels},
 *   actions: Action[], dialog: {container: string[], button?: string[], cancel: Labels},
 *   inline?: Inline[], keys?: KeyRule[],
 *   health: {min_recognised: number, min_parts: number, signs_of_comments?: string[], looks_like_comments?: string[]},
 *   beside?: {strategy: string}[]}} Pack
 * @typedef {{comment: string|null, parent: string|null, post: string|null}} Ids
 * @typedef {{id: string|null, name: string|null, url: string|null, vanity: string|null}} Owner
 * @typedef {{id: string, name: string, platform: string, practice?: boolean,
 *   identifiers: {kind: string, value: string}[]}} Account
 * @typedef {{state: "ours"|"not_ours"|"unknown", account: Account|null, owner: Owner|null}} Ownership
 * @typedef {{node: Element, ids: Ids, whose?: Ownership, post?: boolean}} CommentAt a place on the page and what was read there
 * @typedef {{sha256: string, media_type: string, base64: string}} Blob64
 * @typedef {{x: number, y: number, width: number, height: number}} Rect
 */

/** @type {any} */
var bevara = {
  stop: new AbortController(),
  /** @type {Pack|null} */
  pack: null,
  /** @type {any} */
  setup: null,
  /** True once the worker has said what is known; until then nothing on the page may be pressed. */
  answered: false,
};
