/** The demo: three plans, three closed months from the demo's sales, two of them paid, and an open dispute. */
export { fillDemo as seed } from './features/fill-demo.ts';
