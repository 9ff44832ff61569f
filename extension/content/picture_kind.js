/* Knows a picture by its bytes as the helper does (kernel/pictures.py): its kind and size, without decoding it. */

bevara.pictureKind = (() => {
  const MAX_SIDE = 32_767, MAX_PIXELS = 64_000_000, SEGMENTS = 10_000;
  const NO_FRAMES = new Set([0xc4, 0xc8, 0xcc]);

  /** @typedef {{media_type: string, width: number, height: number}} Size */

  /** @param {Uint8Array} bytes @param {number} at @param {number} length @returns {number} little end first */
  const little = (bytes, at, length) =>
    bytes.subarray(at, at + length).reduce((sum, byte, place) => sum + byte * 256 ** place, 0);

  /** @param {Uint8Array} bytes @param {number} at @param {number} length @returns {number} big end first */
  const big = (bytes, at, length) => bytes.subarray(at, at + length).reduce((sum, byte) => sum * 256 + byte, 0);

  /** @param {Uint8Array} bytes @returns {Size|null} what the head says, or null when it is no picture's */
  function read(bytes) {
    const head = String.fromCharCode(...bytes.subarray(0, 16));
    if (head.startsWith("\x89PNG\r\n\x1a\n") && head.slice(12) === "IHDR" && bytes.length >= 24) {
      return { media_type: "image/png", width: big(bytes, 16, 4), height: big(bytes, 20, 4) };
    }
    if (/^GIF8[79]a/.test(head) && bytes.length >= 10) return { media_type: "image/gif", width: little(bytes, 6, 2), height: little(bytes, 8, 2) };
    if (/^RIFF[^]{4}WEBP/.test(head)) return webp(bytes, head.slice(12));
    return head.startsWith("\xff\xd8\xff") ? jpeg(bytes) : null;
  }

  /** @param {Uint8Array} bytes @param {string} kind @returns {Size|null} */
  function webp(bytes, kind) {
    const media_type = "image/webp";
    if (bytes.length < 30) return null;
    if (kind === "VP8X") return { media_type, width: 1 + little(bytes, 24, 3), height: 1 + little(bytes, 27, 3) };
    if (kind === "VP8 ") return { media_type, width: little(bytes, 26, 2) & 0x3fff, height: little(bytes, 28, 2) & 0x3fff };
    const bits = little(bytes, 21, 4);
    return kind === "VP8L" ? { media_type, width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) } : null;
  }

  /** @param {Uint8Array} bytes @returns {Size|null} */
  function jpeg(bytes) {
    for (let at = 2, seen = 0; seen < SEGMENTS && at + 9 <= bytes.length && bytes[at] === 0xff; seen++) {
      const marker = bytes[at + 1];
      if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.has(marker)) {
        return { media_type: "image/jpeg", width: big(bytes, at + 7, 2), height: big(bytes, at + 5, 2) };
      }
      if (marker === 0xff) at += 1;
      else at += marker >= 0xd0 && marker <= 0xd8 ? 2 : 2 + big(bytes, at + 2, 2);
    }
    return null;
  }

  /** The media type of a picture that the helper takes; null for what is none or too large to show.
   * @param {Uint8Array} bytes @returns {string|null} */
  function of(bytes) {
    const found = read(bytes);
    if (!found) return null;
    const { width, height } = found;
    const fits = Math.min(width, height) > 0 && Math.max(width, height) <= MAX_SIDE && width * height <= MAX_PIXELS;
    return fits ? found.media_type : null;
  }

  return { of };
})();
