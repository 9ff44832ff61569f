/* The browser's extension API is reached only through background/browser.js, content/wire.js and two pages. */

declare var browser: any;
declare var chrome: any;
