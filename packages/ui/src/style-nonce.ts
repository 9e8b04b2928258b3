/**
 * The nonce that style elements carry which libraries make while a page runs: the console's policy allows no
 * others. The server gives each page a new one; in the gallery there is none.
 */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// The library that keeps the page from scrolling below a dialog looks for it under this name.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = styleNonce;
